"""
Connect to a lake: the one place that knows whether it is a folder or an object store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from deltalake.fs import DeltaStorageHandler
from pyarrow.dataset import Dataset
from pyarrow.fs import LocalFileSystem, PyFileSystem, SubTreeFileSystem

from include.lake.delta.damage import translate_damage
from include.storage.locations import Root, explain


def lake_address(root: Root) -> str:
    """Return the lake's folder or URL, without a trailing '/'."""
    return str(root.resolve() if isinstance(root, Path) else root)


@contextmanager
def open_file(root: Root, file: str) -> Iterator[Any]:
    """Open a file of the lake, named relative to its root, as Arrow reads it, and close it."""
    with translate_damage(f"{root}/{file}"), _open_input(root, file) as source:
        yield source


def _open_input(root: Root, file: str) -> Any:
    if isinstance(root, Path):
        return pa.OSFile(str(root / file))
    with reach(root):
        store = PyFileSystem(DeltaStorageHandler(root.url, options_of(root)))
        return store.open_input_file(file)


class LakeTable(DeltaTable):  # type: ignore[misc]
    """
    A table whose reading methods raise our errors.

    expected: columns of this version of Copydesk; one that an older version's table lacks is read
    as nulls, until the next landing adds it.
    """

    expected: pa.Schema | None = None

    def __init__(self, place: str, version: int | None, options: dict[str, str] | None) -> None:
        super().__init__(place, version=version, storage_options=options)
        self._place = place

    def history(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Return the commits, newest first, as deltalake does."""
        with translate_damage(self._place):
            return list(super().history(limit))

    def get_add_actions(self, flatten: bool = False) -> Any:
        """Return the live files, as deltalake does."""
        with translate_damage(self._place):
            return super().get_add_actions(flatten)

    def to_pyarrow_dataset(self, *args: Any, **kwargs: Any) -> Dataset:
        """Return the dataset, as deltalake does."""
        with translate_damage(self._place):
            if kwargs.get("schema") is None and self.expected is not None:
                own = pa.schema(self.schema().to_arrow())
                late = [field for field in self.expected if field.name not in own.names]
                if late:
                    kwargs["schema"] = pa.schema(
                        [*own, *(field.with_nullable(True) for field in late)]
                    )
            return super().to_pyarrow_dataset(*args, **kwargs)

    def to_pyarrow_table(self, *args: Any, **kwargs: Any) -> pa.Table:
        """Return the rows, as deltalake does."""
        with translate_damage(self._place):
            return super().to_pyarrow_table(*args, **kwargs)


class FolderTable(LakeTable):
    """
    A table in a folder, whose files Arrow opens with its own file system.

    With deltalake's file system, Arrow's threads hold Python objects and may release one while the
    interpreter shuts down, which aborts the process (exit code 134) after the work is done.
    """

    def __init__(self, folder: str, version: int | None) -> None:
        super().__init__(folder, version, None)
        self._files = SubTreeFileSystem(str(Path(folder).resolve()), LocalFileSystem())

    def to_pyarrow_dataset(self, *args: Any, filesystem: Any = None, **kwargs: Any) -> Dataset:
        """Return the dataset, as deltalake does."""
        return super().to_pyarrow_dataset(*args, filesystem=filesystem or self._files, **kwargs)


def open_delta(
    root: Root, path: str, version: int | None, expected: pa.Schema | None = None
) -> DeltaTable:
    """Open a table of the lake by its folder or URL, at its newest version or an older one."""
    with translate_damage(path), reach(root, path):
        if isinstance(root, Path):
            table: LakeTable = FolderTable(path, version)
        else:
            table = LakeTable(path, version, options_of(root))
        table.expected = expected
        return table


def open_files(table: DeltaTable) -> PyFileSystem:
    """Open the file system of a table, log included; paths are relative to the table."""
    return PyFileSystem(DeltaStorageHandler.from_table(table._table))


def options_of(root: Root) -> dict[str, str] | None:
    """Return deltalake's storage options; None for a folder."""
    return None if isinstance(root, Path) else dict(root.options)


@contextmanager
def reach(root: Root, place: str | None = None) -> Iterator[None]:
    """
    Translate errors of Delta and of an object store; the disk's pass through unchanged.

    Args:
        place: the table, named in the error; default: the lake.

    Raises:
        StoreRefused, StoreSilent: the store denies access, or does not answer.
        LakeDamaged, LakeLocked: as in `translate_damage`.
    """
    try:
        yield
    except OSError as exc:
        if isinstance(root, Path):
            raise
        raise explain(root, exc) from None
    except DeltaError as exc:
        with translate_damage(place or str(root)):
            raise exc
