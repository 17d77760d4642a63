"""A date in a headline's line is cut out where a sign sets it apart, else left."""

import pyarrow as pa
import pytest

from include.splitter.split import split_pages
from include.splitter.stories.headline_dates import find_headline_dates


def strip_dates(line: str) -> str:
    """Give what is left of a headline's line."""
    dates = sorted(find_headline_dates([(0, line)]), key=lambda cut: -cut.start)
    for cut in dates:
        line = line[: cut.start] + line[cut.end :]
    return line


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("05-Nov-98: A new board", "A new board"),
        ("• 28.06.98 -The fair begins", "The fair begins"),
        ("06.03.2000 - 3D for everyone", "3D for everyone"),
        ("30th June 2017 - The mill reopens", "The mill reopens"),
        ("[25 Apr] \t\tWanted: a coach", "Wanted: a coach"),
        ("16:49: Market update", "Market update"),
        ("8:30am: Good morning", "Good morning"),
        ("Monday, 9 May 2016 | The bells are back", "The bells are back"),
        ("2024-05-01 | The bells are back", "The bells are back"),
        ("Plans for the mill (31-Aug-97 )", "Plans for the mill"),
        ("Plans for the mill \t\t3.7.2000 \t\tURL \t\temail", "Plans for the mill"),
        ("14.3.2000 \t\t磨坊重新开放", "磨坊重新开放"),
    ],
)
def test_a_date_set_apart_is_not_part_of_the_headline(line: str, headline: str) -> None:
    assert strip_dates(line) == headline


@pytest.mark.parametrize(
    "line",
    [
        "Opening Bell 11.18.19", "1984: a book for our time", "The best of 2019 (2020)",
        "June 5, 2020 was a day to remember", "9.30 - 10.30: Yoga", "2) 10.5.1: What is new",
        "Mai 68: the year", "07.06.98", "(31 August 1997)", "16:49:", "",
    ],
)  # fmt: skip
def test_a_date_that_is_the_headlines_own_stays(line: str) -> None:
    assert strip_dates(line) == line


def test_the_date_stays_with_its_story() -> None:
    text = "\n\n".join(
        f"0{day}.03.2016 - {headline}\n\n{words} The town had waited for this for many years, and "
        "hundreds came to the square to see it.\n\nThe mayor thanked everyone who had given money."
        for day, headline, words in (
            (7, "The old mill reopens", "The mill by the river grinds flour again."),
            (6, "A choir for the chapel", "Forty singers met in the chapel on Sunday."),
        )
    )
    row = {"page_id": ["p"], "name": ["p.txt"], "outcome": ["taken"], "text": [text]}
    stories = split_pages(pa.table(row)).stories.to_pylist()
    for story in stories:
        assert not story["headline"].startswith("0")
        own = [span for span in story["other_spans"] if span["role"] == "dateline"]
        assert text[own[0]["start"] : own[0]["end"]].startswith("0")
