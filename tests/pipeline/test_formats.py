"""A mixed inbox, from the files to the warehouse, by the steps of a run."""

import gzip
import io
import json
import zipfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query

PROSE = [
    f"The {place} council voted on Tuesday to keep the old crane where it stands, after a night of"
    " speeches that nobody had asked for and that everybody stayed to hear."
    for place in ("harbour", "market", "island")
]
HEAD = "Council Keeps the Old Crane Above the Market"


def page(word: str) -> str:
    return "\n\n".join([HEAD, *(line.replace("crane", word) for line in PROSE)])


def markup(word: str) -> str:
    body = "".join(f"<p>{line.replace('crane', word)}</p>" for line in PROSE)
    head = '<meta property="og:site_name" content="Sund Press">'
    return f"<!doctype html><html><head>{head}</head><body><h1>{HEAD}</h1>{body}</body></html>"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, inbox=tmp_path / "inbox", settle_s=0)
    settings.inbox.mkdir()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("bell.txt", page("bell"))
        archive.writestr("../up.txt", page("up"))
    (settings.inbox / "a.zip").write_bytes(held.getvalue())
    (settings.inbox / "b.html").write_text(markup("tower"))
    record = {"text": page("bridge"), "source": "Quill Post", "date": "2026-03-04"}
    (settings.inbox / "c.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode() + b"\n{"))
    (settings.inbox / "plain").write_text(page("mill"))
    return settings


def ingest(settings: Settings, run_id: str) -> dict:
    now = datetime.now(UTC)
    receipt = steps.intake(settings, run_id, now)
    judged = [steps.judge(steps.split(b)) for b in read_receipt(receipt, IntakeReceipt).batches]
    if not judged:
        return asdict(read_receipt(receipt, IntakeReceipt).tally)
    gated = steps.gate(settings, receipt, judged)
    run: dict = read_receipt(steps.land(settings, gated, now), LandReceipt).run
    steps.publish(settings)
    return run


def test_a_mixed_inbox_lands_once(settings: Settings) -> None:
    run = ingest(settings, "first")
    assert (run["files_seen"], run["files_taken"]) == (8, 4)
    assert (run["files_unpacked"], run["files_rejected"]) == (2, 2)

    stories = run_query(
        settings.warehouse,
        "select source_name, outlet, published_source from stories order by source_name",
    ).to_pylist()
    assert [tuple(row.values()) for row in stories] == [
        ("a.zip!bell.txt", None, None),
        ("b.html", "Sund Press", None),
        ("c.jsonl.gz!1", "Quill Post", "file"),
        ("plain", None, None),
    ]
    pages = "select name, media_type, url from pages order by name"
    kinds = [row["media_type"] for row in run_query(settings.warehouse, pages).to_pylist()]
    assert kinds == ["text", "html", "json", "text"]

    again = ingest(settings, "second")
    assert (again["seen"], again["skipped"], again["unpacked"]) == (4, 4, 0)
