"""Dates in lines: many languages, no guessing."""

from datetime import UTC, datetime

import pytest

from include.months import name_month
from include.splitter.stories.dates import find_order, read_dates


def told(line: str, language: str = "en", day_first: bool | None = None) -> list[tuple[str, str]]:
    return [
        (f"{date.at:%Y-%m-%d %H:%M}", date.precision)
        for date in read_dates(line, language, day_first)
    ]


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("March 5, 2026", "en", "2026-03-05"),
        ("5th March 2026", "en", "2026-03-05"),
        ("05-Mar-2026", "en", "2026-03-05"),
        ("5. März 2026", "de", "2026-03-05"),
        ("5 de marzo de 2026", "es", "2026-03-05"),
        ("5 mars 2026", "fr", "2026-03-05"),
        ("5 marca 2026", "pl", "2026-03-05"),
        ("5 марта 2026 г.", "ru", "2026-03-05"),
        ("5 Mart 2026", "tr", "2026-03-05"),
        ("5 Μαρτίου 2026", "el", "2026-03-05"),
        ("٥ مارس ٢٠٢٦", "ar", "2026-03-05"),
        ("5 במרץ 2026", "he", "2026-03-05"),
        ("5 मार्च 2026", "hi", "2026-03-05"),
        ("5 มี.ค. 2569", "th", "2026-03-05"),
        ("2026年3月5日", "ja", "2026-03-05"),
        ("2026년 3월 5일", "ko", "2026-03-05"),
        ("ngày 5 tháng 3 năm 2026", "vi", "2026-03-05"),
        ("2026. március 5.", "hu", "2026-03-05"),
        ("2026 m. kovo 5 d.", "lt", "2026-03-05"),
        ("2026-03-05", "sv", "2026-03-05"),
        ("05.03.2026", "de", "2026-03-05"),
    ],
)
def test_a_date_is_parsed_in_the_language_of_the_story(line: str, language: str, day: str) -> None:
    assert told(line, language) == [(f"{day} 00:00", "day")]


@pytest.mark.parametrize(
    "line",
    ["2 hours ago", "a day ago", "5 March", "March 2026", "19:05", "30 February 2026", "5.3."],
)
def test_an_age_or_an_incomplete_date_gives_none(line: str) -> None:
    assert told(line) == []


def test_month_names_are_looked_up_in_the_language_first() -> None:
    assert name_month("listopada", "pl") == 11
    assert name_month("listopada", "hr") == 10
    assert name_month("listopada", "und") == 0


def test_an_ambiguous_numeric_date_gives_none() -> None:
    assert told("03/04/2026", "en") == []
    assert told("03/04/2026", "es") == [("2026-04-03 00:00", "day")]
    assert told("03/25/2026", "en") == [("2026-03-25 00:00", "day")]


def test_another_date_of_the_page_settles_the_order() -> None:
    assert find_order(["25/03/2026", "no date"]) is True
    assert find_order(["03/25/2026"]) is False
    assert find_order(["03/25/2026", "25/03/2026"]) is None
    assert told("03/04/2026", "en", day_first=True) == [("2026-04-03 00:00", "day")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Mar 5, 2026 at 6:05 pm", ("2026-03-05 18:05", "minute")),
        ("6:09 AM PST, March 5, 2026", ("2026-03-05 14:09", "minute")),
        ("20:00, 5 Mar 2026", ("2026-03-05 20:00", "minute")),
        ("5.3.2026, 19:35 Uhr", ("2026-03-05 19:35", "minute")),
        ("5.3.2026, 19 Uhr", ("2026-03-05 19:00", "hour")),
        ("05/13/2026 18h30", ("2026-05-13 18:30", "minute")),
        ("2026-03-05T10:20:00+02:00", ("2026-03-05 08:20", "minute")),
        ("Mar 5, 2026 10:20 PMTags", ("2026-03-05 22:20", "minute")),
        ("Mar 5, 2026 • 4 min read", ("2026-03-05 00:00", "day")),
    ],
)
def test_a_time_of_day_beside_the_date_is_added(line: str, expected: tuple[str, str]) -> None:
    assert told(line) == [expected]


def test_two_dates_of_a_line_keep_their_own_times() -> None:
    line = "Published 5 Mar 2026 08:01Updated 6 Mar 2026 09:06"
    assert told(line) == [("2026-03-05 08:01", "minute"), ("2026-03-06 09:06", "minute")]


def test_a_date_has_its_offsets() -> None:
    (date,) = read_dates("Oslo, 5 March 2026.", "en")
    assert (date.start, date.end) == (6, 18)
    assert date.at == datetime(2026, 3, 5, tzinfo=UTC)


def test_a_year_before_1900_is_no_date() -> None:
    for told in ("3 March 1523", "March 3, 1604", "1523-03-03", "3.3.1899"):
        assert read_dates(told, "en") == (), told
