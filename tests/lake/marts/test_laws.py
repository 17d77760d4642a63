"""Marts: an update equals a rebuild, replaced stories leave no rows, and a kill shows nothing."""

import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.analysis import analyzers
from include.config.settings import Settings
from include.lake.maintenance.compact import compact_day, find_due
from include.lake.marts.progress import plan_analysis, read_progress
from include.pipeline import analysis
from include.pipeline.analysis_receipts import MartsReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import MART_TABLES
from tests.lake.builders import land_files, rows_of, run_at
from tests.lake.marts.analyses import (
    NOW,
    OTHER,
    POINTS,
    TEXTS,
    analyse,
    analyse_and_die,
    make_settings,
    prepare,
)
from tests.lake.marts.resplit import resplit_pages

NAMES = st.sampled_from(["a.txt", "b.txt", "c.txt"])
CHANGES = st.one_of(
    st.dictionaries(NAMES, st.sampled_from(TEXTS), min_size=1),  # files that land
    st.sampled_from(["", "One", "Two Three", "Both"]),  # stories that a re-split drops
)
ENDS = st.sampled_from([None, "whole", "whole", *POINTS])  # no analysis, a whole one, a killed one
EVENTS = st.lists(st.tuples(CHANGES, ENDS), min_size=1, max_size=5)


def mart_rows(lake: Path, mart: str) -> list[dict[str, Any]]:
    """Give a mart's rows as the lake holds them, without the ids of analyses."""
    return rows_of(lake, mart, "analysis_id")


@hypothesis_settings(max_examples=6)  # one takes ten seconds or more
@given(events=EVENTS)
def test_an_updated_mart_equals_one_that_is_rebuilt(events, tmp_path_factory):
    settings = make_settings(tmp_path_factory.mktemp("home"))
    minutes = count()
    files = {"a.txt": TEXTS[0], "b.txt": TEXTS[1], "c.txt": TEXTS[4]}
    land_files(settings.lake, run_at(next(minutes)), files)
    analyse(settings, "first")
    for change, end in events:
        minute = next(minutes)
        if isinstance(change, dict):
            files |= change
            land_files(settings.lake, run_at(minute), files)
        else:
            resplit_pages(settings.lake, run_at(minute), {text: text for text in TEXTS}, change)
        if end == "whole":
            analyse(settings, f"a-{minute}")
        elif end:
            analyse_and_die(settings, f"a-{minute}", end)
    analyse(settings, "last")

    rebuilt = make_settings(tmp_path_factory.mktemp("rebuilt"))
    shutil.copytree(settings.lake, rebuilt.lake)
    for name in ("analyses", *(kind.name for kind in MART_TABLES)):
        shutil.rmtree(rebuilt.lake / name)
    analyse(rebuilt, "rebuild")
    for kind in MART_TABLES:
        assert mart_rows(settings.lake, kind.name) == mart_rows(rebuilt.lake, kind.name)
    stories = {(row["story_id"], row["run_id"]) for row in rows_of(settings.lake, "stories")}
    signed = {(row["story_id"], row["run_id"]) for row in rows_of(settings.lake, "signatures")}
    assert signed == stories
    texts = {row["text_id"] for row in rows_of(settings.lake, "signatures")}
    paired = rows_of(settings.lake, "text_pairs")
    assert {row[name] for row in paired for name in ("text_a", "text_b")} <= texts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path / "it's a home")


def test_another_version_of_an_analyzer_rebuilds_its_mart(settings, monkeypatch):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0]})
    land_files(settings.lake, run_at(1), {"b.txt": TEXTS[1]})
    analyse(settings, "a-1")
    before = rows_of(settings.lake, "signatures")
    old, *_ = analyzers.ANALYZERS
    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(old, version="next"),))

    signed, paired, *_ = analyse(settings, "a-2").marts

    assert (signed.stories, signed.rows_added, paired.rows_added) == (3, 3, 1)
    after = rows_of(settings.lake, "signatures")
    assert [row["story_id"] for row in after] == [row["story_id"] for row in before]
    assert {row["analysis_id"] for row in after}.isdisjoint(row["analysis_id"] for row in before)


def test_an_analysis_that_another_overtook_lands_nothing(settings):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0]})
    late = prepare(settings, "late")
    analyse(settings, "early")
    before = rows_of(settings.lake, "signatures")

    mart, *_ = read_receipt(analysis.land(settings, *late, NOW), MartsReceipt).marts

    assert mart.overtaken
    assert rows_of(settings.lake, "signatures") == before
    assert read_progress(settings.lake, "signatures").made_by == "early"


def test_landing_an_analysis_twice_changes_nothing(settings):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0]})
    chosen, analyzed = prepare(settings, "a-1")
    first = read_receipt(analysis.land(settings, chosen, analyzed, NOW), MartsReceipt)
    before = rows_of(settings.lake, "analyses"), rows_of(settings.lake, "signatures")

    again = analysis.land(settings, chosen, analyzed, NOW + timedelta(minutes=1))

    assert read_receipt(again, MartsReceipt) == first
    assert (
        rows_of(settings.lake, "analyses"),
        rows_of(settings.lake, "signatures"),
    ) == before


def test_compaction_changes_no_row_of_a_mart(settings):
    for number, text in enumerate(TEXTS):
        land_files(settings.lake, run_at(number), {f"{number}.txt": text})
        analyse(settings, f"a-{number}")
    names = ("analyses", *(kind.name for kind in MART_TABLES))
    before = {name: rows_of(settings.lake, name) for name in names}
    night = NOW + timedelta(days=1)

    for due in find_due(settings.lake, night):
        compact_day(settings.lake, due, night)

    assert {name: rows_of(settings.lake, name) for name in names} == before
    land_files(settings.lake, run_at(20), {"0.txt": TEXTS[4], "1.txt": TEXTS[5]})
    analyse(settings, "later")
    assert len(rows_of(settings.lake, "signatures")) == len(rows_of(settings.lake, "stories"))


def test_a_story_that_an_analyzer_fails_on_is_counted_and_stops_no_other(settings, monkeypatch):
    signer, *_ = analyzers.ANALYZERS

    def sign(stories):
        if OTHER in stories["body"].to_pylist():
            raise ValueError("other")
        return signer.analyze(stories)

    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(signer, analyze=sign),))
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})

    mart, *_ = analyse(settings, "a-1").marts

    assert (mart.stories, mart.failed_stories, mart.rows_added) == (3, 1, 2)


def test_an_analyzer_that_fails_on_every_story_stops_the_analysis(settings, monkeypatch):
    signer, *_ = analyzers.ANALYZERS

    def sign(stories):
        raise ValueError("broken")

    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(signer, analyze=sign),))
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    with pytest.raises(ValueError, match="broken"):
        analyse(settings, "a-1")
    assert plan_analysis(settings.lake, {"signatures": "1"})
