"""Marts: incremental equals made afresh, nothing stays of a story that left, a kill is unseen."""

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.analysis import analyzers
from include.config.settings import Settings
from include.lake.maintenance.compact import compact_day, find_due
from include.lake.marts.land import Made, land_mart
from include.lake.marts.progress import plan_analysis, read_progress
from include.pipeline import analysis, pairing
from include.pipeline.analysis_receipts import AnalyzeReceipt, ChooseReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.schema.lake import MART_TABLES
from tests.killing import Killed, kill_at
from tests.lake.builders import land_files, rows_of, run_at
from tests.lake.marts.resplit import resplit_pages

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
WIRE = " ".join(f"wire{number}" for number in range(60))
OTHER = " ".join(f"other{number}" for number in range(45))
TEXTS = (
    f"S One|{WIRE}\nadvert",
    f"S Two|{WIRE.replace('wire7 ', 'seven ')}\nS Three|{OTHER}",
    f"S Three|{OTHER}\nQ Four|No.",
    f"advert\nS Again|{WIRE}",
    f"S Both|{WIRE} {OTHER} {OTHER.upper()} end",
    "only chrome",
    "<html>",
)
POINTS = ("left", "signatures", "analyses", "text_pairs", "paired")
NAMES = st.sampled_from(["a.txt", "b.txt", "c.txt"])
CHANGES = st.one_of(
    st.dictionaries(NAMES, st.sampled_from(TEXTS), min_size=1),  # files that land
    st.sampled_from(["", "One", "Two Three", "Both"]),  # stories that a re-split drops
)
ENDS = st.sampled_from([None, "whole", "whole", *POINTS])  # no analysis, a whole one, a killed one
EVENTS = st.lists(st.tuples(CHANGES, ENDS), min_size=1, max_size=5)


def make_settings(home: Path) -> Settings:
    return replace(Settings(), home=home)


def prepare(settings: Settings, run_id: str) -> tuple[Path, list[Path]]:
    chosen = analysis.choose(settings, run_id, NOW)
    batches = read_receipt(chosen, ChooseReceipt).batches
    return chosen, [analysis.analyze(settings, batch) for batch in batches]


def analyse(settings: Settings, run_id: str) -> MartsReceipt:
    chosen, analyzed = prepare(settings, run_id)
    landed = analysis.land(settings, chosen, analyzed, NOW)
    return read_receipt(pairing.pair(settings, landed, NOW), MartsReceipt)


def analyse_and_die(settings: Settings, run_id: str, point: str) -> None:
    """Land an analysis up to a point, where it is killed."""
    chosen, analyzed = prepare(settings, run_id)
    parts = [read_receipt(path, AnalyzeReceipt) for path in analyzed]
    for plan in read_receipt(chosen, ChooseReceipt).plans:
        made = Made(tuple(p.rows[plan.mart] for p in parts if plan.mart in p.rows), 0, 0)
        try:
            land_mart(settings.lake, plan, made, run_id, NOW, between=kill_at(point))
        except Killed:
            return
    landed = write_receipt(
        chosen.with_name("marts.json"), MartsReceipt(run_id=run_id, started_at=NOW, marts=())
    )
    with suppress(Killed):
        between = kill_at("analyses" if point == "paired" else point)
        pairing.pair(settings, landed, NOW, between)


def rows_seen(lake: Path, mart: str) -> list[dict[str, Any]]:
    """Give a mart's rows as the lake holds them, without the ids of analyses."""
    return rows_of(lake, mart, "analysis_id")


@settings(max_examples=30)
@given(events=EVENTS)
def test_an_incremental_mart_equals_one_made_afresh(events, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    own = make_settings(home)
    minutes = count()
    files = {"a.txt": TEXTS[0], "b.txt": TEXTS[1], "c.txt": TEXTS[4]}
    land_files(own.lake, run_at(next(minutes)), files)
    analyse(own, "first")
    for change, end in events:
        minute = next(minutes)
        if isinstance(change, dict):
            files |= change
            land_files(own.lake, run_at(minute), files)
        else:
            resplit_pages(own.lake, run_at(minute), {text: text for text in TEXTS}, change)
        if end == "whole":
            analyse(own, f"a-{minute}")
        elif end:
            analyse_and_die(own, f"a-{minute}", end)
    analyse(own, "last")

    afresh = make_settings(tmp_path_factory.mktemp("afresh"))
    shutil.copytree(own.lake, afresh.lake)
    for name in ("analyses", *(kind.name for kind in MART_TABLES)):
        shutil.rmtree(afresh.lake / name)
    analyse(afresh, "afresh")
    for kind in MART_TABLES:
        assert rows_seen(own.lake, kind.name) == rows_seen(afresh.lake, kind.name)
    stories = {(row["story_id"], row["run_id"]) for row in rows_of(own.lake, "stories")}
    signed = {(row["story_id"], row["run_id"]) for row in rows_of(own.lake, "signatures")}
    assert signed == stories
    texts = {row["text_id"] for row in rows_of(own.lake, "signatures")}
    paired = rows_of(own.lake, "text_pairs")
    assert {row[name] for row in paired for name in ("text_a", "text_b")} <= texts


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    home = tmp_path / "it's a home"
    home.mkdir()
    return make_settings(home)


def test_another_version_of_an_analyzer_makes_its_mart_afresh(own, monkeypatch):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0]})
    land_files(own.lake, run_at(1), {"b.txt": TEXTS[1]})
    analyse(own, "a-1")
    before = rows_of(own.lake, "signatures")
    old, *_ = analyzers.ANALYZERS
    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(old, version="next"),))

    done, paired = analyse(own, "a-2").marts

    assert (done.stories, done.rows_added, paired.rows_added) == (3, 3, 1)
    after = rows_of(own.lake, "signatures")
    assert [row["story_id"] for row in after] == [row["story_id"] for row in before]
    assert {row["analysis_id"] for row in after}.isdisjoint(row["analysis_id"] for row in before)


def test_an_analysis_that_another_overtook_lands_nothing(own):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0]})
    late = prepare(own, "late")
    analyse(own, "early")
    before = rows_of(own.lake, "signatures")

    mart, *_ = read_receipt(analysis.land(own, *late, NOW), MartsReceipt).marts

    assert mart.overtaken
    assert rows_of(own.lake, "signatures") == before
    assert read_progress(own.lake, "signatures").made_by == "early"


def test_landing_an_analysis_twice_changes_nothing(own):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0]})
    chosen, analyzed = prepare(own, "a-1")
    first = read_receipt(analysis.land(own, chosen, analyzed, NOW), MartsReceipt)
    before = rows_of(own.lake, "analyses"), rows_of(own.lake, "signatures")

    again = analysis.land(own, chosen, analyzed, NOW + timedelta(minutes=1))

    assert read_receipt(again, MartsReceipt) == first
    assert (rows_of(own.lake, "analyses"), rows_of(own.lake, "signatures")) == before


def test_compaction_changes_no_row_of_a_mart(own):
    for number, text in enumerate(TEXTS):
        land_files(own.lake, run_at(number), {f"{number}.txt": text})
        analyse(own, f"a-{number}")
    names = ("analyses", *(kind.name for kind in MART_TABLES))
    before = {name: rows_of(own.lake, name) for name in names}
    night = NOW + timedelta(days=1)

    for due in find_due(own.lake, night):
        compact_day(own.lake, due, night)

    assert {name: rows_of(own.lake, name) for name in names} == before
    land_files(own.lake, run_at(20), {"0.txt": TEXTS[4], "1.txt": TEXTS[5]})
    analyse(own, "later")
    assert len(rows_of(own.lake, "signatures")) == len(rows_of(own.lake, "stories"))


def test_a_story_that_an_analyzer_fails_on_is_counted_and_stops_no_other(own, monkeypatch):
    signer, *_ = analyzers.ANALYZERS

    def sign(stories):
        if OTHER in stories["body"].to_pylist():
            raise ValueError("other")
        return signer.analyze(stories)

    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(signer, analyze=sign),))
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})

    mart, _ = analyse(own, "a-1").marts

    assert (mart.stories, mart.failed_stories, mart.rows_added) == (3, 1, 2)


def test_an_analyzer_that_fails_on_every_story_stops_the_analysis(own, monkeypatch):
    signer, *_ = analyzers.ANALYZERS

    def sign(stories):
        raise ValueError("broken")

    monkeypatch.setattr(analyzers, "ANALYZERS", (replace(signer, analyze=sign),))
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    with pytest.raises(ValueError, match="broken"):
        analyse(own, "a-1")
    assert plan_analysis(own.lake, {"signatures": "1"})
