"""When a story was published, also by the age on its page; and its rows of dates."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from include.analysis.dates.ages import read_age
from include.analysis.dates.rows import find_story_dates
from include.schema.column import STAMP
from include.schema.dates import DATE_MENTIONS, STORY_DATES

FETCHED = datetime(2026, 3, 4, 15, 30, 20, tzinfo=UTC)
BODY = "It sank on Tuesday.\n\nIt was built in 1987, as everybody now knows."


@pytest.mark.parametrize(
    ("line", "at", "precision"),
    [
        ("a day ago", "2026-03-03T00:00", "day"),
        ("2 hours ago", "2026-03-04T13:00", "hour"),
        ("Published 25 mins ago", "2026-03-04T15:05", "minute"),
        ("By A. Writer · 3h ago", "2026-03-04T12:00", "hour"),
        ("just now", "2026-03-04T15:30", "minute"),
        ("yesterday", "2026-03-03T00:00", "day"),
        ("3 weeks ago", "2026-02-11T00:00", "week"),
        ("2 months ago", "2026-01-04T00:00", "month"),
        ("vor 3 Stunden", "2026-03-04T12:00", "hour"),
        ("vor einem Tag", "2026-03-03T00:00", "day"),
        ("il y a 2 jours", "2026-03-02T00:00", "day"),
        ("5 дней назад", "2026-02-27T00:00", "day"),
        ("3小时前", "2026-03-04T12:00", "hour"),
    ],
)
def test_an_age_is_counted_back_from_the_time_of_fetching(line, at, precision):
    age = read_age(line, FETCHED)
    assert age is not None
    assert (age.published_at.isoformat()[:16], age.precision) == (at, precision)


@pytest.mark.parametrize(
    "line",
    ["Updated 2 hours ago", "OC Media", "4 March 2026", "999 years ago", "", "ago " * 40,
     "aktualisiert vor 2 Stunden"],
)  # fmt: skip
def test_other_lines_have_no_age(line):
    assert read_age(line, FETCHED) is None


def stories(**columns) -> pa.Table:
    row = {
        "story_id": "s1",
        "body": BODY,
        "language": "en",
        "published_at": None,
        "published_precision": None,
        "published_source": None,
    }
    types = pa.schema([("published_at", STAMP), *((n, pa.string()) for n in row if n[-2:] != "at")])
    return pa.Table.from_pylist([row | columns], types)


def lines(*texts: str) -> pa.Table:
    schema = pa.schema([("story_id", pa.string()), ("line", pa.string()), ("fetched_at", STAMP)])
    rows = [{"story_id": "s1", "line": text, "fetched_at": FETCHED} for text in texts]
    return pa.Table.from_pylist(rows, schema)


def test_a_story_without_a_date_gets_one_from_its_age():
    dates, mentions = find_story_dates(stories(), lines("OC Media", "a day ago", "5 days ago"))

    (row,) = dates.to_pylist()
    assert row == {
        "story_id": "s1",
        "published_at": datetime(2026, 3, 3, tzinfo=UTC),
        "precision": "day",
        "source": "relative",
        "age": "a day ago",
    }
    assert mentions["value"].to_pylist() == ["2026-03-03", "1987"]
    assert dates.schema == STORY_DATES.schema()
    assert mentions.schema == DATE_MENTIONS.schema()


def test_the_date_that_a_story_has_is_kept():
    given = datetime(2026, 1, 1, 12, tzinfo=UTC)
    dated = stories(published_at=given, published_precision="hour", published_source="text")

    (row,) = find_story_dates(dated, lines("a day ago"))[0].to_pylist()

    assert (row["published_at"], row["precision"], row["source"]) == (given, "hour", "text")
    assert row["age"] is None


def test_without_any_date_a_weekday_stays_unresolved():
    dates, mentions = find_story_dates(stories(), lines())

    assert dates.to_pylist()[0]["published_at"] is None
    rows = [(r["text"], r["resolved_from"], r["first_day"]) for r in mentions.to_pylist()]
    assert rows[0] == ("Tuesday", "unresolved", None)
    assert [r[:2] for r in rows] == [("Tuesday", "unresolved"), ("1987", "text")]


def test_an_age_in_months_does_not_date_a_weekday():
    _, mentions = find_story_dates(stories(), lines("3 months ago"))
    assert mentions["resolved_from"].to_pylist() == ["unresolved", "text"]


def test_a_mention_has_the_place_of_its_words_and_sentence():
    (first, _) = find_story_dates(stories(), lines("a day ago"))[1].to_pylist()

    assert BODY[first["start"] : first["end"]] == first["text"] == "Tuesday"
    assert BODY[first["sentence_start"] : first["sentence_end"]] == "It sank on Tuesday."
