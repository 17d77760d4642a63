"""What the warehouse shows of marts: rows of current stories, once their analysis is complete."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.lake.delta.time_travel import find_version
from include.pipeline import steps
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query
from tests.lake.builders import land_files, run_at
from tests.lake.marts.resplit import resplit_pages
from tests.lake.marts.test_laws import POINTS, TEXTS, analyse, analyse_and_die

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
SIGNED = "select headline from marts.signatures join stories using (story_id) order by 1"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    home = tmp_path / "it's a home"
    home.mkdir()
    return replace(Settings(), home=home)


def ask(settings: Settings, sql: str) -> list[Any]:
    steps.publish(settings)
    return [tuple(row.values()) for row in run_query(settings.warehouse, sql).to_pylist()]


def test_a_revision_hides_what_was_derived_before_the_next_analysis(own):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    analyse(own, "a-1")
    assert ask(own, SIGNED) == [("One",), ("Three",), ("Two",)]

    land_files(own.lake, run_at(1), {"a.txt": TEXTS[4], "b.txt": TEXTS[1]})

    assert ask(own, "select count(*) from marts.signatures") == [(2,)]


def test_a_resplit_hides_what_was_derived_before_the_next_analysis(own):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    analyse(own, "a-1")
    resplit_pages(own.lake, run_at(1), {text: text for text in TEXTS}, "Two")
    assert ask(own, "from marts.signatures") == []
    analyse(own, "a-2")
    assert ask(own, SIGNED) == [("One",), ("Three",)]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_analysis_is_not_half_seen(own, point):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0]})
    analyse(own, "a-1")
    land_files(own.lake, run_at(1), {"b.txt": TEXTS[1]})
    analyse_and_die(own, "a-2", point)

    shown, version = (1, 1) if point in ("left", "signatures") else (3, 2)
    assert ask(own, "select count(*) from marts.signatures") == [(shown,)]
    signed = "select lake_version from meta.freshness where mart = 'signatures'"
    assert ask(own, signed) == [(version,)]
    analyse(own, "a-3")
    assert ask(own, "select count(*) from marts.signatures") == [(3,)]


def test_an_older_version_has_the_marts_that_were_made_of_it(own):
    land_files(own.lake, run_at(0), {"a.txt": TEXTS[0]})
    analyse(own, "a-1")
    land_files(own.lake, run_at(1), {"b.txt": TEXTS[1]})
    land_files(own.lake, run_at(2), {"a.txt": TEXTS[4]})
    analyse(own, "a-2")

    shown = {}
    for number in (1, 2, 3):
        version = find_version(own.lake, number).version
        target = own.home / f"{number}.duckdb"
        publish_warehouse(lambda version=version: version, target, "1GB")
        sql = "select story_id from marts.signatures order by 1"
        behind = "select versions_behind from meta.freshness where mart = 'signatures'"
        rows = run_query(target, sql).num_rows
        shown[number] = (rows, *run_query(target, behind)["versions_behind"].to_pylist())
    assert shown == {1: (1, 0), 2: (1, 1), 3: (3, 0)}
