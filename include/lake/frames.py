"""
Read the rows that `judge` left on disk, batch by batch: a run may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from include.errors import ReceiptMissing, RowsUnfit


def read_batches(
    paths: Sequence[str], schema: pa.Schema, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """
    Read Arrow files in order, one record batch in memory at a time.

    Args:
        schema: what every file must hold. columns: the ones to read; all when None.
    Raises:
        ReceiptMissing: a file is gone. RowsUnfit: a file has another schema.
    """
    wanted = None if columns is None else [schema.get_field_index(name) for name in columns]
    options = pa.ipc.IpcReadOptions(included_fields=wanted)
    for path in paths:
        if not Path(path).exists():
            raise ReceiptMissing("frame", path, "Clear the run's first task.")
        with pa.OSFile(path) as source:
            if not pa.ipc.open_file(source).schema.equals(schema):
                raise RowsUnfit("columns of a frame", path, "Judge the run again.")
            frames = pa.ipc.open_file(source, options=options)
            for number in range(frames.num_record_batches):
                batch = frames.get_batch(number)
                yield batch if columns is None else _copy(batch.select(list(columns)))


def _copy(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Copy some columns of a batch: a slice of one would keep the bytes of all in memory."""
    return batch.take(pa.array(range(batch.num_rows), pa.int64()))
