"""Two pages in an inbox, and the steps that tests of the pipeline take with them."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from include.config.settings import Settings
from include.lake.delta.tables import open_table
from include.pipeline import corrections, steps
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.review.corrections import Word
from include.schema.lake import QUARANTINE, Table

DAWN = datetime(2026, 3, 1, 6, tzinfo=UTC)
LATER = DAWN + timedelta(days=2)
GOOD = (
    "Harbour Votes for a Night Boat After All\n\n"
    "The council of Lower Tarn voted on Tuesday to let the night boat sail, after two years of "
    "argument in which the town had learnt to whisper about timetables.\n\n"
    "“We heard every side,” said the chairwoman, who had brought cake. Nobody had asked for cake, "
    "and nobody refused it, the minutes of the meeting say.\n\n"
    "The boat leaves at eleven. It will carry eighty passengers, and a baker on his way to work.\n"
)
OTHER = GOOD.replace("night boat", "goose bridge").replace("Night Boat", "Goose Bridge")
REVISED = GOOD.replace("eighty", "ninety")
LANDED = LATER + timedelta(seconds=9)
WORD = Word("an editor", LATER, "two stories in one")
SAID = ("line 7 starts as body",)


def judge(settings: Settings, receipt: Path) -> Path:
    """Split, judge and gate a run's batches; give the gate's receipt."""
    batches = read_receipt(receipt, IntakeReceipt).batches
    return steps.gate(settings, receipt, [steps.judge(steps.split(batch)) for batch in batches])


def ingest(settings: Settings, run_id: str, at: datetime) -> None:
    steps.land(settings, judge(settings, steps.intake(settings, run_id, at)), at)


def fill_inbox(folder: Path, home: Path) -> Settings:
    """Fill an inbox with two pages, always at the same path; give its settings."""
    inbox = folder / "inbox"
    shutil.rmtree(inbox, ignore_errors=True)
    inbox.mkdir()
    (inbox / "a.txt").write_text(GOOD, encoding="utf-8")
    (inbox / "b.txt").write_text(OTHER, encoding="utf-8")
    return replace(Settings(), home=home, inbox=inbox, settle_s=0.0)


def rows(settings: Settings, table: Table) -> list[dict[str, Any]]:
    return open_table(settings.lake, table).to_pyarrow_table().to_pylist()


def set_aside(settings: Settings) -> dict[str, Any]:
    """Land a story that the suite sets aside; give its row of `quarantine`."""
    dated = f"12 March 2031\n{GOOD}".replace("boat", "raft")
    (settings.inbox / "c.txt").write_text(dated, encoding="utf-8")
    ingest(settings, "bad", LATER - timedelta(hours=1))
    (waiting,) = rows(settings, QUARANTINE)
    assert waiting["failed_rules"] == ["published.not_ahead"]
    return waiting


def correct_and_split(settings: Settings) -> str:
    """Correct a.txt, which becomes two stories, and split it again; give the override's id."""
    added = corrections.correct(settings, SAID, "a.txt", WORD)
    run = corrections.edit_corrected(settings, added, "corrected", LATER, lambda: LANDED)
    assert run is not None
    assert run["finished_at"] == LANDED.isoformat(), "it landed when it did, not when it began"
    assert (run["kind"], run["stories_landed"]) == ("review", 2)
    return str(added["override_id"][0].as_py())
