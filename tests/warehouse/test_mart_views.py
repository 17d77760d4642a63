"""Marts in the warehouse: rows of current stories, once their analysis is complete."""

from datetime import UTC, datetime

import pytest

from include.lake.delta.time_travel import find_version
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query
from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import TEXTS, analyse, analyse_and_die
from tests.lake.marts.resplit import resplit_pages
from tests.warehouse.readers import publish_and_ask

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
SIGNED = "select headline from marts.signatures join stories using (story_id) order by 1"


def test_a_revision_hides_derived_rows_before_the_next_analysis(settings):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    analyse(settings, "a-1")
    assert publish_and_ask(settings, SIGNED) == [("One",), ("Three",), ("Two",)]

    land_files(settings.lake, run_at(1), {"a.txt": TEXTS[4], "b.txt": TEXTS[1]})

    assert publish_and_ask(settings, "select count(*) from marts.signatures") == [(2,)]


def test_a_resplit_hides_derived_rows_before_the_next_analysis(settings):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0], "b.txt": TEXTS[1]})
    analyse(settings, "a-1")
    resplit_pages(settings.lake, run_at(1), {text: text for text in TEXTS}, "Two")
    assert publish_and_ask(settings, "from marts.signatures") == []
    analyse(settings, "a-2")
    assert publish_and_ask(settings, SIGNED) == [("One",), ("Three",)]


@pytest.mark.parametrize("point", ["left", "signatures", "analyses", "event_members"])
def test_half_of_a_killed_analysis_is_not_shown(settings, point):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0]})
    analyse(settings, "a-1")
    land_files(settings.lake, run_at(1), {"b.txt": TEXTS[1]})
    analyse_and_die(settings, "a-2", point)

    shown, version = (1, 1) if point in ("left", "signatures") else (3, 2)
    assert publish_and_ask(settings, "select count(*) from marts.signatures") == [(shown,)]
    signed = "select lake_version from meta.freshness where mart = 'signatures'"
    assert publish_and_ask(settings, signed) == [(version,)]
    analyse(settings, "a-3")
    assert publish_and_ask(settings, "select count(*) from marts.signatures") == [(3,)]


def test_an_older_version_has_the_marts_of_its_time(settings):
    land_files(settings.lake, run_at(0), {"a.txt": TEXTS[0]})
    analyse(settings, "a-1")
    land_files(settings.lake, run_at(1), {"b.txt": TEXTS[1]})
    land_files(settings.lake, run_at(2), {"a.txt": TEXTS[4]})
    analyse(settings, "a-2")

    shown = {}
    for number in (1, 2, 3):
        version = find_version(settings.lake, number).version
        target = settings.home / f"{number}.duckdb"
        publish_warehouse(lambda version=version: version, target, "1GB")
        sql = "select story_id from marts.signatures order by 1"
        behind = "select versions_behind from meta.freshness where mart = 'signatures'"
        rows = run_query(target, sql).num_rows
        shown[number] = (rows, *run_query(target, behind)["versions_behind"].to_pylist())
    assert shown == {1: (1, 0), 2: (1, 1), 3: (3, 0)}
