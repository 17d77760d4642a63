"""Chrome inside a line: appeals are cut, openings that stories share are not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.inline_chrome import find_inline
from include.splitter.lines.lines import find_lines
from include.splitter.split import split_pages
from tests.splitter.conservation import assert_conserved, table

APPEAL = (
    "Join the readers who keep the Sund Press independent.",
    "For eleven years we have reported on this coast, and our work is possible only with you.",
    "Help us keep reporting \u2014 become a Sund Press supporter today",
    "Become a supporter",
)
TAILS = (
    "the miller, who had been asked three times, said that he would rather sell flour than "
    "opinions and would say no more until the sluice had been repaired by somebody who knew how.",
    "the harbour master kept a list of every boat that had come in late, and read it aloud at "
    "breakfast to anyone who stayed at the table long enough to hear the whole of it through.",
    "Ida Marrow, who keeps the instrument in her cellar, wrote the figures on the back of a bill "
    "and carried them up the hill herself because the line had been down since the evening before.",
)
OPENINGS = {
    "weather": "The outlook for the northern coast was compiled at noon at Harrowmere: ",
    "exchange": "Shares on the Ardenport exchange closed higher on Tuesday, a quiet day, when ",
    "speech": "We were told that the river would never rise above the second step, and ",
    "notice": "Notice is hereby given under section 12 of the Harbour Act that in May ",
    "agency": "VORRIN, March 3 (Norvan) - The northern government said on Tuesday that ",
    "call": "Help us to understand how the water came over the wall, the council said; ",
    "member": "Norland would become a member of the union in June, the ministry said, and ",
    "newsletter": "In its newsletter Ostreth Council announced that the bridge stays shut: ",
}  # fmt: skip
MARKS = st.sampled_from(["", " Advertisement", " Anzeige", " Advertisement Advertisement"])


def cuts_of(text: str) -> list[str]:
    lines = describe_appearance(
        find_lines(pl.DataFrame({"page": pl.Series([0], dtype=pl.UInt32), "text": [text]}))
    )
    return [lines["text"][cut.at][cut.start : cut.end] for cut in find_inline(lines).cuts]


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
@pytest.mark.parametrize("count", [2, 3])
def test_paragraphs_that_begin_alike_keep_their_opening(opening: str, count: int) -> None:
    page = "\n\n".join(["Nine villages shaken overnight", *(opening + t for t in TAILS[:count])])
    assert cuts_of(page) == []


def test_an_appeal_that_stands_alone_too_is_cut_whole() -> None:
    glued = " ".join(APPEAL)
    page = "\n\n".join([*APPEAL, *(f"{glued} {tail.capitalize()}" for tail in TAILS)])
    assert {cut.strip() for cut in cuts_of(page)} == {glued}


def test_a_glued_appeal_is_cut_up_to_its_button_though_outlets_differ() -> None:
    glued = [" ".join(APPEAL).replace("Sund Press", name) for name in ("Herald", "Gazette")]
    page = "\n\n".join(f"{own} {t.capitalize()}" for own, t in zip(glued, TAILS, strict=False))
    assert {cut.strip() for cut in cuts_of(page)} == set(glued)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*OPENINGS.values(), " ".join(APPEAL) + " ", "", *APPEAL]),
            st.lists(st.tuples(st.sampled_from(TAILS), MARKS), min_size=1, max_size=3),
        ),
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None)
def test_openings_appeals_and_advertisements_together_partition_the_page(rows) -> None:
    lines = [
        opening + " ".join(f"{tail.capitalize()}{mark}" for tail, mark in parts)
        for opening, parts in rows
    ]
    text = "\n\n".join(lines)
    assert_conserved(text, split_pages(table(text)), f"{0:064x}")


def test_an_advertisement_inside_a_shared_opening_does_not_stop_the_run() -> None:
    opening = (
        "The ferry of the northern islands came back two hours early on Monday, and nobody was "
        "there to meet it. Advertisement The harbour master had gone fishing with his brother and "
    )
    text = "Ferry Comes Back Early\n\n" + "\n\n".join(opening + tail for tail in TAILS[:2])
    split = split_pages(table(text))
    assert_conserved(text, split, f"{0:064x}")
    assert [row["text"] for row in split.chrome.to_pylist()] == ["Advertisement"] * 2
