"""Cuts of one line: disjoint after reconciling, whatever the rules propose."""

import itertools

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from include.splitter.lines.cuts import Cut, reconcile_cuts
from include.splitter.stories.assemble import cut_pieces

TEXT = "Help us now  The ferry  came back. Advertisement Nobody\u00a0was there to meet it. "
ROLES = st.sampled_from(["promo", "advert", "caption"])
PLACES = st.integers(-5, len(TEXT) + 5)
CUTS = st.lists(
    st.builds(Cut, st.just(0), PLACES, PLACES, ROLES, st.sampled_from("ab")), max_size=8
)


def lines_of(text: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "at": pl.Series([0], dtype=pl.UInt32), "page": [0], "line_no": [1],
            "start": pl.Series([10], dtype=pl.Int64), "text": [text], "role": ["body"],
            "reason": ["prose"], "story": [0], "joined": [False], "hit": [False],
        }
    )  # fmt: skip


@given(CUTS)
def test_reconciled_cuts_are_disjoint_and_cover_what_was_cut(cuts: list[Cut]) -> None:
    kept = reconcile_cuts(cuts, len(TEXT))
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))
    proposed = {at for cut in cuts for at in range(max(cut.start, 0), min(cut.end, len(TEXT)))}
    assert {at for cut in kept for at in range(cut.start, cut.end)} == proposed
    assert {(cut.role, cut.reason) for cut in kept} <= {(cut.role, cut.reason) for cut in cuts}


@given(CUTS, st.randoms())
def test_the_order_of_proposals_does_not_matter(cuts: list[Cut], chance) -> None:
    shuffled = [*cuts]
    chance.shuffle(shuffled)
    assert reconcile_cuts(shuffled, len(TEXT)) == reconcile_cuts(cuts, len(TEXT))


@given(CUTS)
@settings(deadline=None)
def test_the_pieces_of_a_cut_line_hold_each_character_once(cuts: list[Cut]) -> None:
    pieces = cut_pieces(lines_of(TEXT), cuts).select("start", "end", "text").rows()
    held = [at for start, end, _ in pieces for at in range(start - 10, end - 10)]
    assert held == sorted(set(held))
    assert all(TEXT[start - 10 : end - 10] == text for start, end, text in pieces)
    assert set(range(len(TEXT))) - set(held) <= {at for at, c in enumerate(TEXT) if c.isspace()}


def test_an_appeal_keeps_the_marker_inside_it() -> None:
    appeal, advert = Cut(0, 0, 40, "promo", "appeal"), Cut(0, 20, 50, "advert", "marker")
    kept = reconcile_cuts([advert, appeal], 60)
    assert kept == [appeal, Cut(0, 40, 50, "advert", "marker")]
