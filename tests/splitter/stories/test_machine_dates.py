"""Stamps, ages and rows are no dateline; dates as people write them are."""

import polars as pl
import pytest

from include.splitter.split import split_pages
from include.splitter.stories.machine_dates import is_machine_date
from tests.splitter.conservation import table
from tests.splitter.roles.test_set_apart import BODY

MACHINE = (
    "18:52",
    "18.52 Uhr",
    "[6:52 PM]",
    "18:52 CET",
    "2026-11-02T18:52:00Z",
    "2026-11-02T18:52:00.123+01:00",
    "2026-11-02 18:52:07",
    "Published: 2026-11-02T18:52Z",
    "1772700000",
    "a day ago",
    "3 hours ago",
    "Updated 12 mins ago",
    "5h ago",
    "vor 3 Stunden",
    "Vor einem Tag",
    "il y a 2 heures",
    "hace 5 minutos",
    "3 ore fa",
    "há 2 dias",
    "3 uur geleden",
    "2 часа назад",
    "час назад",
    "3 godziny temu",
    "před 3 hodinami",
    "för 3 timmar sedan",
    "3 timer siden",
    "3 tuntia sitten",
    "3 órával ezelőtt",
    "prije 2 sata",
    "3時間前",
    "3小时前",
    "3시간 전",
    "yesterday",
    "gestern, 18:52",
    "Ardenport 40\t1,204.16\t2026-03-05",
    "2026-03-05 | 1,204.16 | -9.71",
)
QUOTED = (
    "3 March 2026",
    "Published 3 March 2026, 18:52",
    "ARDENPORT, March 3, 2026",
    "Tolvik, den 3. März 2026",
    "02.11.2026",
    "Montag, 2. November 2026 18:52",
    "2026年3月3日",
    "Lundi 2 novembre 2026 à 18h52",
    "By Ida Marrow | 3 March 2026",
)


@pytest.mark.parametrize("line", MACHINE + QUOTED)
def test_only_dates_that_people_write_are_quoted(line: str) -> None:
    shown = is_machine_date(pl.Series([line]), pl.Series(["says when it was published"]))
    assert shown.item() == (line in MACHINE)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("2026-11-02T18:52:00Z", "2026-11-02 18:52"),
        ("2026-11-02 18:52:07+01:00", "2026-11-02 17:52"),
    ],
)
def test_a_stamp_dates_the_story_and_is_no_dateline(line: str, at: str) -> None:
    page = "\n\n".join(["Council approves the new bridge at Quell", line, *BODY])
    (story,) = split_pages(table(page)).stories.to_pylist()
    assert story["dateline"] is None
    assert str(story["published_at"]).startswith(at)
