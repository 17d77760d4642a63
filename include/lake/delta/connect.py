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
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler
from pyarrow.dataset import Dataset
from pyarrow.fs import LocalFileSystem, PyFileSystem, SubTreeFileSystem

from include.errors import LakeLocked
from include.storage.locations import Root, explain


def lake_address(root: Root) -> str:
    """Return the lake's folder or URL, without a trailing '/'."""
    return str(root.resolve() if isinstance(root, Path) else root)


def open_file(root: Root, file: str) -> Any:
    """Open a file of the lake, named relative to its root, as Arrow reads it."""
    if isinstance(root, Path):
        return pa.OSFile(str(root / file))
    with reach(root):
        store = PyFileSystem(DeltaStorageHandler(root.url, options_of(root)))
        return store.open_input_file(file)


class FolderTable(DeltaTable):  # type: ignore[misc]
    """
    A table in a folder, whose files Arrow opens with its own file system.

    With deltalake's file system, Arrow's threads hold Python objects and may release one while the
    interpreter shuts down, which aborts the process (exit code 134) after the work is done.
    """

    def __init__(self, folder: str, version: int | None) -> None:
        super().__init__(folder, version=version)
        self._files = SubTreeFileSystem(str(Path(folder).resolve()), LocalFileSystem())

    def to_pyarrow_dataset(self, *args: Any, filesystem: Any = None, **kwargs: Any) -> Dataset:
        """Return the dataset, as deltalake does."""
        return super().to_pyarrow_dataset(*args, filesystem=filesystem or self._files, **kwargs)


def open_delta(root: Root, path: str, version: int | None) -> DeltaTable:
    """Open a table of the lake by its folder or URL, at its newest version or an older one."""
    with reach(root):
        if isinstance(root, Path):
            return FolderTable(path, version)
        return DeltaTable(path, version=version, storage_options=options_of(root))


def options_of(root: Root) -> dict[str, str] | None:
    """Return deltalake's storage options; None for a folder."""
    return None if isinstance(root, Path) else dict(root.options)


@contextmanager
def reach(root: Root) -> Iterator[None]:
    """
    Translate an object store's errors into ours; errors from a folder pass through unchanged.

    Raises:
        StoreRefused, StoreSilent: the store denies access, or does not answer.
        LakeLocked: another writer has changed the same rows in the meantime.
    """
    try:
        yield
    except OSError as exc:
        if isinstance(root, Path):
            raise
        raise explain(root, exc) from None
    except CommitFailedError as exc:
        way_out = "Another machine changed the lake in the meantime; try again."
        raise LakeLocked("lake", str(root), way_out) from exc
