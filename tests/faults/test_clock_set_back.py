from __future__ import annotations

import random
from datetime import datetime, timedelta, tzinfo

import pytest

from tests.faults.driver import Place, ingest
from tests.faults.inbox import Inbox
from tests.faults.test_killed_again_and_again import ask, rows_of

pytestmark = pytest.mark.faults


class YesterdaysClock(datetime):
    """A clock that was set back by a day and an hour."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - timedelta(hours=25)


def set_clock_back(place: Place) -> None:
    import include.terminal.ingest

    include.terminal.ingest.datetime = YesterdaysClock


def test_a_changed_file_is_the_newest_after_the_clock_was_set_back(tmp_path):
    inbox = Inbox(tmp_path / "inbox", random.Random(3))
    place = Place(inbox.folder, tmp_path / "home", tmp_path / "log.txt")
    for before in (None, set_clock_back, set_clock_back, None):
        inbox.churn()
        inbox.settle()
        code, said = ingest(place, before=before)
        assert code == 0, said
        assert ("The clock was set back" in said) == (before is not None)

        clean = Place(inbox.folder, tmp_path / f"clean-{inbox.versions}", tmp_path / "clean.txt")
        assert ingest(clean)[0] == 0
        assert rows_of(place.home, "stories") == rows_of(clean.home, "stories")
        shown = "select story_id from stories order by all"
        assert ask(place.home, shown) == ask(clean.home, shown)

    runs = ask(place.home, "select seconds >= 0 and finished_at >= ingested_at from meta.runs")
    assert runs == [(True,)] * 4
