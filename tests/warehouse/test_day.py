"""What a day was like, as `doctor` reports it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from include.errors import WarehouseMissing
from include.warehouse.day import read_day
from tests.lake.builders import DAWN, land_files, run_at
from tests.warehouse.readers import publish_lake

LONG = 60 * 24


def test_a_day_counts_what_arrived_since_and_what_waits_in_all(root, target):
    land_files(root, run_at(0), {"a.txt": "S Ship|sails.", "old.txt": "<b>", "q.txt": "Q Old|Bad."})
    land_files(root, run_at(LONG), {"b.txt": "S Rain|fell.\nQ New|Bad.", "c.txt": "<html>"})
    publish_lake(root, target)

    day = read_day(target, DAWN + timedelta(minutes=LONG - 1))

    assert {(row["outcome"], row["reason"]): row["files"] for row in day.files} == {
        ("landed", None): 1,
        ("rejected", "html"): 1,
    }
    assert day.stories == {
        "runs": 1,
        "stories_landed": 1,
        "stories_quarantined": 1,
        "stories_waiting": 2,
    }
    assert day.quarantine == [{"rule": "body.length", "stories": 2, "new_stories": 1}]
    assert day.silent == []


def test_a_day_without_a_run_still_tells_what_waits(root, target):
    land_files(root, run_at(0), {"q.txt": "Q Old|Bad."})
    publish_lake(root, target)

    day = read_day(target, DAWN + timedelta(minutes=LONG))

    assert day.files == []
    assert day.stories["runs"] == day.stories["stories_landed"] == 0
    assert day.stories["stories_waiting"] == 1


def test_where_nothing_was_published_there_is_no_day(target):
    with pytest.raises(WarehouseMissing):
        read_day(target, DAWN)
