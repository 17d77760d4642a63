"""Receipts are read as they were written; frames beside them are complete or absent."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from include.errors import ReceiptMissing
from include.model import FileTally
from include.pipeline.receipt_types import (
    BatchReceipt,
    InboxOutcome,
    IntakeReceipt,
    LateFiles,
    SplitReceipt,
)
from include.pipeline.receipts import find_intake, read_receipt, write_receipt
from include.storage.frames import (
    as_batch,
    drop_frames,
    map_frame,
    open_frame,
    read_frame,
    write_frame,
)

BATCH = BatchReceipt(
    run_id="run 1",
    started_at=datetime(2026, 11, 21, 6, tzinfo=UTC),
    ingest_day=date(2026, 11, 20),
    batch_id="batch-0000",
    label="batch-0000: 12 pages",
    pages=Path("/home/batch-0000.pages.arrow"),
)
KEYS = {
    "step": "batch",
    "run_id": "run 1",
    "started_at": "2026-11-21T06:00:00+00:00",
    "ingest_day": "2026-11-20",
    "batch_id": "batch-0000",
    "label": "batch-0000: 12 pages",
    "pages": "/home/batch-0000.pages.arrow",
}
WORDS = pa.table({"word": ["ferry", "harbour", "council"]})


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_receipt(tmp_path / "batch.json", BATCH)
    assert json.loads(path.read_text()) == KEYS
    assert read_receipt(path, BatchReceipt) == BATCH


def test_a_receipt_without_the_keys_of_later_versions_is_read(tmp_path: Path) -> None:
    path = tmp_path / "batch.json"
    path.write_text(json.dumps({k: v for k, v in KEYS.items() if k != "ingest_day"}))
    assert read_receipt(path, BatchReceipt).ingest_day is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps({k: v for k, v in KEYS.items() if k != "label"}), "missing.*`label`"),
        (json.dumps({**KEYS, "started_at": 5}), "started_at"),
        (json.dumps({**KEYS, "pages": 5}), "pages"),
        (json.dumps({**KEYS, "step": "split"}), "step 'split' wrote"),
        (json.dumps([KEYS]), "No step wrote"),
        ("{", "not JSON"),
    ],
    ids=["a key is missing", "no time", "no path", "another step", "no object", "cut off"],
)
def test_a_receipt_that_cannot_be_read_says_why(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "batch.json"
    path.write_text(text)
    with pytest.raises(ReceiptMissing, match=why):
        read_receipt(path, BatchReceipt)


def test_only_a_run_that_listed_inboxes_writes_what_became_of_them(tmp_path: Path) -> None:
    recalled = IntakeReceipt(
        run_id="run 1", started_at=BATCH.started_at, inbox="/in", tally=FileTally(), batches=()
    )
    listed = replace(
        recalled, inboxes=(InboxOutcome("in", "/in", problem="gone"),), late=LateFiles(0, ())
    )
    keys = {}
    for name, receipt in (("recalled", recalled), ("listed", listed)):
        path = write_receipt(tmp_path / f"{name}.json", receipt)
        assert read_receipt(path, IntakeReceipt) == receipt
        keys[name] = json.loads(path.read_text())
    assert not {"inboxes", "late"} & keys["recalled"].keys()
    assert keys["listed"]["inboxes"] == [{"name": "in", "inbox": "/in", "problem": "gone"}]
    assert keys["listed"]["late"] == {"files": 0, "sample": []}


def test_an_idle_receipt_of_another_version_hides_no_other(tmp_path: Path) -> None:
    receipt = IntakeReceipt(
        run_id="run 1", started_at=BATCH.started_at, inbox="/b", tally=FileTally(), batches=()
    )
    (tmp_path / "idle-a").mkdir()
    (tmp_path / "idle-a" / "intake.json").write_text('{"step": "intake", "run_id": 1}')
    write_receipt(tmp_path / "idle-b" / "intake.json", receipt)
    assert find_intake(tmp_path, "run 1") == receipt


def test_a_receipt_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReceiptMissing, match="first task"):
        read_receipt(tmp_path / "gone.json", SplitReceipt)


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
