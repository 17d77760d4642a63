"""Frames beside receipts: whole or not there, and read some rows at a time."""

from pathlib import Path

import pyarrow as pa
import pytest

from include.errors import ReceiptMissing
from include.storage.frames import (
    as_batch,
    drop_frames,
    map_frame,
    open_frame,
    read_frame,
    write_frame,
)

WORDS = pa.table({"word": ["ferry", "harbour", "council"]})


def test_a_frame_is_read_as_it_was_written_a_record_batch_at_a_time(tmp_path: Path) -> None:
    path = write_frame(tmp_path / "words.arrow", pa.concat_tables([WORDS, WORDS]))
    assert [batch.num_rows for batch in read_frame(path)] == [3, 3]
    assert map_frame(path).equals(pa.concat_tables([WORDS, WORDS]))


def test_a_batch_of_no_rows_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "words.arrow"
    with open_frame(path, WORDS.schema) as write:
        for table in (WORDS, WORDS.slice(3), WORDS):
            write(as_batch(table))
    assert [batch.num_rows for batch in read_frame(path)] == [3, 0, 3]


def test_a_frame_that_was_not_finished_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / "words.arrow"
    other = pa.record_batch({"number": [1]})
    with pytest.raises(pa.ArrowInvalid), open_frame(path, WORDS.schema) as write:
        write(other)
    assert not path.exists()


def test_a_frame_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    path = write_frame(tmp_path / "words.arrow", WORDS)
    drop_frames(tmp_path)
    for read in (map_frame, lambda gone: next(read_frame(gone))):
        with pytest.raises(ReceiptMissing, match="first task"):
            read(path)
