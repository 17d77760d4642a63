"""Who published a story: the surest clue wins, and unknown stays null."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.analysis.outlets.resolve import resolve_outlets
from include.analysis.outlets.table import COLUMNS, read_outlets
from include.errors import DataFileInvalid
from include.schema.outlets import STORY_OUTLETS
from tests.analysis.seeds import needs_seeds, split_seeds

STORY = {"story_id": "s", "page_id": "p", "source_name": "a.txt", "outlet": None, "url": None}
STORY_SCHEMA = pa.schema([(name, pa.string()) for name in (*STORY, "body")])
CHROME_SCHEMA = pa.schema([(name, pa.string()) for name in ("page_id", "text", "role")])


def resolve(*lines: str, body: str = "A story.", role: str = "legal", **story: str) -> Any:
    stories = pa.Table.from_pylist([{**STORY, "body": body, **story}], STORY_SCHEMA)
    chrome = [{"page_id": "p", "text": line, "role": role} for line in lines]
    (row,) = resolve_outlets(stories, pa.Table.from_pylist(chrome, CHROME_SCHEMA)).to_pylist()
    return row


def named(*lines: str, **story: str) -> tuple[str | None, str | None]:
    row = resolve(*lines, **story)
    return row["outlet_id"], row["source"]


@pytest.mark.parametrize(
    ("story", "outlet", "source"),
    [
        ({"outlet": "BBC"}, "bbc", "given"),
        ({"outlet": "www.theguardian.com"}, "guardian", "given"),
        ({"outlet": "Tromla Post"}, "tromla-post", "given"),
        ({"url": "https://edition.cnn.com/2024/01/02/x"}, "cnn", "url"),
        ({"url": "https://www.tromlapost.no/a"}, "tromlapost.no", "url"),
        ({"source_name": "dump/oc-media.org/2024/1.txt"}, "oc-media", "path"),
        ({"source_name": "New York Times/1.txt"}, "new-york-times", "path"),
    ],
)
def test_metadata_name_the_outlet(story: dict[str, str], outlet: str, source: str) -> None:
    assert named(**story) == (outlet, source)


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("© 2024 Tromla Post. All rights reserved.", "tromla-post"),
        ("Copyright © 1999-2024 The Tromla Times, Inc.", "tromla-times"),
        ("© Copyright The Guardian 2024", "guardian"),
        ("Copyright 2024 by Le Monde | Mentions légales", "le-monde"),
    ],
)
def test_a_copyright_line_names_the_outlet(line: str, outlet: str) -> None:
    assert named(line) == (outlet, "copyright")


@pytest.mark.parametrize(
    "line",
    [
        "© 2023 Gannett. All rights reserved.",
        "Image: © Shutterstock",
        "© 2024 The Associated Press. All rights reserved.",
        "Copyright policy",
        "© All rights reserved.",
        "Copyright 2024",
    ],
)
def test_owners_agencies_and_picture_credits_are_no_outlets(line: str) -> None:
    assert named(line) == (None, None)


def test_a_page_that_asks_for_members_names_itself() -> None:
    line = "Help us go on: become an OC Media member today"
    assert named(line, role="promo") == ("oc-media", "self")


@pytest.mark.parametrize(
    "body",
    [
        "The minister told Reuters on Monday that the bridge stays shut.",
        "The New York Times reported on Sunday that the bridge stays shut.",
        "Speaking to BBC News, she said the bridge stays shut.",
    ],
)
def test_who_was_told_did_not_publish_it(body: str) -> None:
    assert named(body=body) == (None, None)


@pytest.mark.parametrize(
    ("body", "outlet"),
    [
        ("A.\n\nAnna Berg, exclusively for the online magazine “Tromla Now”.", "tromla-now"),
        ("This story was first published by the Guardian.\n\nB.", "guardian"),
        ("A.\n\nRepublished with permission from Eurasianet", "eurasianet"),
    ],
)
def test_a_note_says_for_whom_it_was_written(body: str, outlet: str) -> None:
    assert named(body=body) == (outlet, "written_for")


def test_an_aggregator_yields_to_any_other_clue() -> None:
    url = "https://www.msn.com/en-us/news/x"
    assert named(url=url)[0] == "msn"
    assert named("© 2024 Tromla Post", url=url)[0] == "tromla-post"


def test_metadata_overrule_the_text() -> None:
    assert named("© 2024 Tromla Post", outlet="BBC") == ("bbc", "given")


def test_an_outlet_of_the_table_has_its_country_and_language() -> None:
    row = resolve(url="https://www.lemonde.fr/x")
    assert (row["country"], row["language"], row["kind"]) == ("FR", "fr", "publisher")


def test_a_person_may_give_another_table(tmp_path: Path) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text(f"{','.join(COLUMNS)}\npost,Tromla Post,The Post,post.no,NO,no,publisher\n")
    assert read_outlets(path).find_name("the POST") == read_outlets(path).find_host("www.post.no")


@pytest.mark.parametrize(
    "row", ["a,A,,a.no,NO,no,paper", "a,A,,a.no,,,agency\nb,B,A,b.no,,,agency"]
)
def test_a_wrong_table_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{row}\n")
    with pytest.raises(DataFileInvalid):
        read_outlets(path)


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=60))
def test_any_text_gives_a_row(text: str, url: str, outlet: str) -> None:
    row = resolve(f"© 2024 {text}", text, body=text, url=url, outlet=outlet)
    assert set(row) == {column.name for column in STORY_OUTLETS.columns}


@pytest.mark.parametrize("unit", ["© 2024 A ", "About A ", "for the magazine “", "become an A B "])
def test_a_long_line_takes_linear_time(unit: str) -> None:
    resolve(unit * 100_000, body=unit * 100_000)


@needs_seeds
def test_the_real_pages_name_five_of_twelve_outlets() -> None:
    outlets = []
    for page_no, split in split_seeds():
        rows = resolve_outlets(split.stories, split.chrome).to_pylist()
        outlets += [(page_no, row["outlet_id"]) for row in rows if row["outlet_id"]]
    assert outlets == [("003", "new-eastern-outlook"), *[("004", "oc-media")] * 4]
