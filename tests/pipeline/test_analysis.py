"""Analysis: marts of landed stories, made step by step, repeated and killed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.pipeline import analysis, grouping, pairing, steps
from include.pipeline.analysis_receipts import ChooseReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query
from tests.lake.builders import land_files, run_at

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
ONE = "S One|The ministers met in Quillhaven.\nadvert"
TWO = "S Two|The herring was eaten.\nS Three|The goose is in town."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "it's a home"
    home.mkdir()
    return replace(Settings(), home=home)


def analyse(settings: Settings, run_id: str = "a-1") -> MartsReceipt:
    """Run all steps in this process."""
    chosen = analysis.choose(settings, run_id, NOW)
    batches = read_receipt(chosen, ChooseReceipt).batches
    analyzed = [analysis.analyze(settings, batch) for batch in batches]
    landed = analysis.land(settings, chosen, analyzed, NOW + timedelta(seconds=5))
    paired = pairing.pair(settings, landed, NOW + timedelta(seconds=6))
    receipt = grouping.group(settings, paired, NOW + timedelta(seconds=7))
    steps.publish(settings)
    return read_receipt(receipt, MartsReceipt)


def ask(settings: Settings, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_query(settings.warehouse, sql).to_pylist()
    return rows


SIGNED = (
    "select headline, text_words from marts.signatures join main.stories using (story_id)"
    " order by headline"
)


def test_a_mart_follows_the_lake_and_says_how_far(settings):
    lake = settings.lake
    land_files(lake, run_at(0), {"a.txt": ONE})
    steps.publish(settings)
    assert ask(settings, "from meta.freshness") == []

    done, *_ = analyse(settings).marts
    assert (done.mart, done.lake_version, done.rows_added) == ("signatures", 1, 1)
    assert ask(settings, SIGNED) == [{"headline": "One", "text_words": 5}]

    land_files(lake, run_at(1), {"a.txt": ONE, "b.txt": TWO})
    steps.publish(settings)
    columns = "lake_version, versions_behind, stories"
    behind = f"select {columns} from meta.freshness where mart = 'signatures'"
    assert ask(settings, behind) == [{"lake_version": 1, "versions_behind": 1, "stories": 1}]

    done, *_ = analyse(settings, "a-2").marts
    assert (done.stories, done.rows_added) == (2, 2)
    assert ask(settings, behind) == [{"lake_version": 2, "versions_behind": 0, "stories": 3}]
    assert [row["headline"] for row in ask(settings, SIGNED)] == ["One", "Three", "Two"]
    assert read_receipt(analysis.choose(settings, "a-3", NOW), ChooseReceipt).batches == ()
