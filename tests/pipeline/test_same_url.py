"""A crawler visits a URL again and delivers the new text in another file (E19)."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.lake.ledger.deliveries import read_seen
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query
from tests.pipeline.pages import DAWN, GOOD, OTHER, REVISED, ingest

URL = "https://saltmarsh.invalid/boat"
STORIES = "select source_name, headline from stories order by source_name"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    return Settings(
        home=tmp_path / "home", inbox=tmp_path / "inbox", settle_s=0.0, same_url="revise"
    )


def deliver(settings: Settings, name: str, *records: tuple[str, str]) -> None:
    rows = (json.dumps({"url": url, "text": text}) for url, text in records)
    (settings.inbox / name).write_text("\n".join(rows), encoding="utf-8")


def take(settings: Settings, minute: int) -> list[str]:
    """Ingest, and give the names whose stories are current."""
    at = DAWN + timedelta(minutes=minute)
    ingest(settings, f"run {minute}", at)
    steps.publish(settings)
    return [row["source_name"] for row in run_query(settings.warehouse, STORIES).to_pylist()]


@pytest.mark.parametrize(
    "first",
    [URL, f"{URL}?utm_source=rss", f"{URL}#comments", "https://SALTMARSH.invalid/boat?fbclid=x"],
)
def test_the_same_url_in_another_file_is_a_revision(settings: Settings, first: str) -> None:
    deliver(settings, "mon.json", (first, GOOD))
    deliver(settings, "other.json", ("https://saltmarsh.invalid/bridge", OTHER))
    assert take(settings, 1) == ["mon.json", "other.json"]
    deliver(settings, "tue.json", (URL, REVISED))
    assert take(settings, 2) == ["other.json", "tue.json"]
    gone = run_query(settings.warehouse, "select source_name, reason, diff from story_revisions")
    (row,) = gone.to_pylist()
    assert (row["source_name"], row["reason"]) == ("mon.json", "revised")
    assert "ninety" in row["diff"]


def test_records_of_other_archives_revise_each_other(settings: Settings) -> None:
    deliver(settings, "mon.jsonl", (URL, GOOD), ("https://saltmarsh.invalid/bridge", OTHER))
    take(settings, 1)
    deliver(
        settings, "tue.jsonl", ("https://saltmarsh.invalid/new", OTHER + "More."), (URL, REVISED)
    )
    assert take(settings, 2) == ["mon.jsonl!2", "tue.jsonl!1", "tue.jsonl!2"]


def test_by_default_both_stand(settings: Settings) -> None:
    plain = replace(settings, same_url="keep")
    deliver(plain, "mon.json", (URL, GOOD))
    take(plain, 1)
    deliver(plain, "tue.json", (URL, REVISED))
    assert take(plain, 2) == ["mon.json", "tue.json"]


def test_an_inbox_has_a_setting_of_its_own(settings: Settings, tmp_path: Path) -> None:
    for name in ("keeps", "revises"):
        (tmp_path / name).mkdir()
    file = tmp_path / "inboxes.yaml"
    entries = (
        f"  - {{name: keeps, url: {tmp_path}/keeps}}\n"
        f"  - {{name: revises, url: {tmp_path}/revises, same_url: revise}}\n"
    )
    file.write_text(f"inboxes:\n{entries}", encoding="utf-8")
    both = replace(settings, same_url="keep", inboxes=str(file))
    deliver(replace(both, inbox=tmp_path / "keeps"), "a.json", (URL, GOOD))
    take(both, 1)
    deliver(replace(both, inbox=tmp_path / "keeps"), "b.json", (URL, OTHER))
    assert take(both, 2) == ["a.json", "b.json"]
    deliver(replace(both, inbox=tmp_path / "revises"), "c.json", (URL, REVISED))
    assert take(both, 3) == ["c.json"]


def test_the_next_run_takes_nothing_and_a_bucket_fetches_nothing(settings: Settings) -> None:
    deliver(settings, "mon.json", (URL, GOOD))
    take(settings, 1)
    seen = read_seen(settings.lake, str(settings.inbox))
    deliver(settings, "tue.json", (URL, REVISED))
    take(settings, 2)
    assert seen < read_seen(settings.lake, str(settings.inbox))
    idle = steps.intake(settings, "idle", DAWN + timedelta(minutes=3))
    assert read_receipt(idle, IntakeReceipt).batches == ()


def test_why_says_by_which_url_a_page_was_replaced(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(settings, "mon.json", (URL, GOOD))
    take(settings, 1)
    deliver(settings, "tue.json", (URL, REVISED))
    take(settings, 2)
    for key in ("mon.json", "tue.json"):
        assert main(["why", key, "--home", str(settings.home)]) == 0
        out = capsys.readouterr().out
        said = " ".join(out.split())
        heads = [line for line in out.splitlines() if line.endswith(".json") and line[0] != " "]
        assert heads == ["tue.json"], "the page is headed by its own file"
        assert "replaced: same_url" in said
        assert URL in said
        assert "was revised" in said
    history = run_query(settings.warehouse, "select event, detail from meta.history")
    revised = [row["detail"] for row in history.to_pylist() if row["event"] == "revised"]
    assert len(revised) == 1
    assert f"same URL: {URL}" in revised[0]
