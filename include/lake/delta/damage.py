"""
Translate what deltalake, Arrow and Parquet raise for a damaged table, at the place where it arises.

Errors of deltalake cannot be pickled, so one that left a worker process would surface there as a
`PicklingError`, and a panic of its Rust code is not even an `Exception`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from deltalake.exceptions import CommitFailedError

from include.errors import CopydeskError, LakeDamaged, LakeLocked
from include.storage.disk_errors import translate_disk_errors

WAY_OUT = "Restore this folder from a backup (docs/deployment.md); nothing can land until then."
CONFLICT = "Another machine changed the lake in the meantime; try again."
PANIC = "PanicException"  # pyo3's, which no module exports
SHOWN_CHARS = 200


@contextmanager
def translate_damage(place: str) -> Iterator[None]:
    """
    Translate every error of the block; keep the block to calls of libraries.

    Args:
        place: the table's or file's path or URL, named in the error.
    Raises:
        LakeDamaged: a log or file is missing, or cannot be read.
        LakeLocked: another writer has changed the same rows in the meantime.
        DiskFull, StorageRefused: the disk is full or denies access.
    """
    try:
        with translate_disk_errors("lake", Path(place)):
            yield
    except CopydeskError:
        raise
    except CommitFailedError as exc:
        raise LakeLocked("lake", place, CONFLICT) from exc
    except BaseException as exc:
        if isinstance(exc, Exception) or type(exc).__name__ == PANIC:
            raise _damaged(place, exc) from exc
        raise


def read_guarded(place: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches that Arrow reads lazily, with its errors translated."""
    with translate_damage(place):
        yield from batches


def check_log(table: Path) -> bool:
    """
    Return whether a folder holds a table's log, which deltalake judges too mildly.

    It ignores a folder in place of a commit, and takes data files without a log for no table, which
    would then be created again, empty. An empty commit, as a power cut may leave it, changes
    nothing: the next run lands its files again.

    Raises:
        LakeDamaged: the newest commit is not a file, or the log of a table is gone.
    """
    log = table / "_delta_log"
    with translate_damage(str(table)):
        names = [path.name for path in log.iterdir()] if log.exists() else []
        commits = sorted(name for name in names if name.endswith(".json"))
        if commits:
            newest = log / commits[-1]
            if not newest.is_file():
                raise _damaged(str(newest), ValueError("It is not a file"))
        elif any(path.is_file() for path in table.rglob("*.parquet")):
            raise _damaged(str(table), ValueError("Its log is missing"))
        return bool(names)


def _damaged(place: str, exc: BaseException) -> LakeDamaged:
    reason = next(iter(str(exc).strip().splitlines()), type(exc).__name__)
    return LakeDamaged("lake", place, f"{reason[:SHOWN_CHARS].rstrip('.')}. {WAY_OUT}")
