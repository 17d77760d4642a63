"""Names sign the stories of feeds, of pages that repeat them, and from below."""

import pytest

from include.splitter.split import split_pages
from tests.splitter.conservation import table
from tests.splitter.roles.test_set_apart import BODY

HEADS = (
    "Bakers of Vorrin go on strike for the second week",
    "The old mill is sold for one crown",
    "Why the ferry at Ardenport is always early",
)
TEXTS = (
    "The bakers of Vorrin will not light their ovens this week either, their guild said on "
    "Sunday night. Flour has become dearer by a third since the mills at Kestle burned.",
    "A baker from Saltby has bought the old mill by the river, and has promised to repair the "
    "wheel. Nobody else had come to the auction, since it had rained all day on Tuesday.",
    "Residents had complained for years that the ferry left seven minutes early. The captain "
    "says that his watch was set by his grandfather, who never missed a tide in his life.",
)


def bylines(*blocks: str) -> list[str | None]:
    stories = split_pages(table("\n\n".join(blocks))).stories.to_pylist()
    return [story["byline"] for story in stories]


@pytest.mark.parametrize("author", ["hmarrow", "Ida Marrow", "Harbour Desk Team"])
@pytest.mark.parametrize(
    "stamp", ["Fri, {} Sep 2026 14:26:40 +0000", "2026-09-{}T14:26:40+10:30"], ids=["rfc", "iso"]
)
def test_a_feeds_entries_are_signed_below_their_stamps(author: str, stamp: str) -> None:
    blocks = [
        block
        for day, (head, text) in enumerate(zip(HEADS, TEXTS, strict=True), 23)
        for block in (head, stamp.format(day), author, text)
    ]
    signed = bylines(*blocks)
    assert signed
    assert set(signed) == {author}


@pytest.mark.parametrize(
    "line",
    [
        "Author: Ida Marrow",
        "Text: Ida Marrow",
        "Redakteur: Ida Marrow",
        "About the author\nIda Marrow",
    ],
)
def test_a_label_below_the_story_signs_it(line: str) -> None:
    assert bylines(HEADS[2], *BODY, line) == ["Ida Marrow"]


def test_a_box_below_the_story_signs_it_if_nothing_else_does() -> None:
    box = "Ida Marrow is a reporter on the harbour desk. She writes about ferries and the weather."
    assert bylines(HEADS[2], *BODY, box) == ["Ida Marrow"]
    assert bylines(HEADS[2], "By Owen Tarrant", *BODY, box) == ["Owen Tarrant"]


@pytest.mark.parametrize("sign", ["By", "Written by", "Von", "Author:", "Par", "Texte :"])
@pytest.mark.parametrize("name", ["Ida Marrow", "• Ida Marrow", "Ida Marrow, MPH, RDN"])
def test_a_name_below_a_lone_sign_signs_the_story(sign: str, name: str) -> None:
    assert bylines(HEADS[2], f"{sign}\n{name}", *BODY) == ["Ida Marrow"]


@pytest.mark.parametrize("line", ["George Tarrant", "Play Video", "Harbour News"])
def test_a_bare_name_beside_the_date_signs_if_its_given_name_is_common(line: str) -> None:
    signed = "George Tarrant" if line == "George Tarrant" else None
    assert bylines(HEADS[2], line, "March 12, 2026", *BODY) == [signed]
