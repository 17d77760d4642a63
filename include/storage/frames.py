"""
Arrow files on disk, by which one step passes rows to the next.

They are written and read one record batch at a time, so memory does not grow with the file. A
killed step leaves the whole file or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import ReceiptMissing, RowsUnfit
from include.storage.atomic import atomic_write

# Arrow's own allocator keeps freed memory: 70 MiB of the 550 that judging took.
pa.set_memory_pool(pa.system_memory_pool())


def write_frame(path: Path, frame: pa.Table) -> Path:
    """Write an Arrow table, with one record batch per chunk; return the path."""
    with open_frame(path, frame.schema) as write:
        for batch in frame.to_batches():
            write(batch)
    return path


@contextmanager
def open_frame(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """
    Open an Arrow file (IPC) and give a function that appends a record batch to it.

    The file appears under its name when the block has ended without an error. It is not compressed:
    `zstd` and `lz4` took 5 ms per MB, of the 80 available per MB of pages, and the file is deleted
    once its run has landed.
    """
    with atomic_write("receipts", path) as temporary, pa.ipc.new_file(temporary, schema) as out:
        yield out.write_batch


def as_batch(frame: pa.Table) -> pa.RecordBatch:
    """Return a table of some megabytes as one record batch, which may be empty."""
    columns = [column.combine_chunks() for column in frame.columns]
    return pa.RecordBatch.from_arrays(columns, schema=frame.schema)


def read_frame(path: str | Path) -> Iterator[pa.RecordBatch]:
    """
    Read an Arrow file, one record batch at a time.

    Raises:
        ReceiptMissing: no such file.
    """
    with _open(pa.OSFile, path) as source:
        frames = pa.ipc.open_file(source)
        for number in range(frames.num_record_batches):
            yield frames.get_batch(number)


def map_frame(path: str | Path) -> pa.Table:
    """
    Return an Arrow file as a memory-mapped table: only what is accessed is read.

    Raises:
        ReceiptMissing: no such file.
    """
    with _open(pa.memory_map, path) as source:
        return pa.ipc.open_file(source).read_all()


def _open(opener: Callable[[str], Any], path: str | Path) -> Any:
    try:
        return opener(str(path))
    except FileNotFoundError as exc:
        raise ReceiptMissing("frame", str(path), "Clear the run's first task.") from exc


def drop_frames(folder: Path) -> None:
    """Delete the Arrow files of a run that has landed: their rows are in the lake."""
    for path in folder.glob("*.arrow"):
        path.unlink(missing_ok=True)


def read_frames(
    paths: Sequence[Path], schema: pa.Schema, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """
    Read Arrow files in order, one record batch in memory at a time.

    Args:
        schema: that of every file. columns: those to read; None: all.
    Raises:
        ReceiptMissing: a file does not exist. RowsUnfit: a file has another schema.
    """
    wanted = None if columns is None else [schema.get_field_index(name) for name in columns]
    options = pa.ipc.IpcReadOptions(included_fields=wanted)
    for path in paths:
        if not path.exists():
            raise ReceiptMissing("frame", str(path), "Clear the run's first task.")
        with pa.OSFile(str(path)) as source:
            if not pa.ipc.open_file(source).schema.equals(schema):
                raise RowsUnfit(
                    "frame", str(path), "It has other columns than the lake: judge the run again."
                )
            frames = pa.ipc.open_file(source, options=options)
            for number in range(frames.num_record_batches):
                batch = frames.get_batch(number)
                yield batch if columns is None else _copy(batch.select(list(columns)))


def _copy(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Copy a batch: a selection of its columns would keep the bytes of all in memory."""
    return batch.take(pa.array(range(batch.num_rows), pa.int64()))
