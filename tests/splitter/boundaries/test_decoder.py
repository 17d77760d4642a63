"""Of all ways to cut a page, the decoder takes the one with the best total."""

from itertools import combinations

import numpy as np
import pytest

from include.splitter.boundaries.cut_points import Points, pair_points
from include.splitter.boundaries.decoder import COVER, STAKE, decide, look_up
from include.splitter.boundaries.segments import Segments


def cut(pages: list[int], chances: dict[tuple[int, int], int]) -> tuple[Points, Segments]:
    """Make pages of this many lines, one point per line, and segments with these chances."""
    ends = np.cumsum(pages)
    lines = [np.arange(end - count, end + 1) for count, end in zip(pages, ends, strict=True)]
    at = np.concatenate(lines)
    page = np.repeat(np.arange(len(pages)), np.array(pages) + 1)
    opens = np.r_[page[1:] == page[:-1], False]
    pairs = sorted(chances)
    begin, end = (np.array([pair[k] for pair in pairs]) for k in (0, 1))
    chars = (end - begin) * 100
    share = chars * 10 // np.array(pages)[page[begin]]
    rows = np.zeros((len(pairs), 1), dtype=np.int64)
    points = Points(at, page, opens, np.zeros(len(at), dtype=np.int64))
    return points, Segments(begin, end, page[begin], rows, chars, share)


def told(points: Points, segments: Segments, chances: dict[tuple[int, int], int]) -> list[int]:
    values = np.array([chances[pair] for pair in sorted(chances)])
    return decide(points, segments, values).starts.tolist()


def test_two_sure_stories_beat_one_doubtful_one() -> None:
    chances = {(0, 2): 900, (2, 4): 900, (0, 4): 500}
    assert told(*cut([4], chances), chances) == [0, 2]


def test_one_sure_story_beats_two_doubtful_ones() -> None:
    chances = {(0, 2): 450, (2, 4): 450, (0, 4): 900}
    assert told(*cut([4], chances), chances) == [0]


def test_an_unlikely_segment_is_no_story() -> None:
    chances = {(0, 3): 950, (3, 4): 100}
    assert told(*cut([4], chances), chances) == [0]


def test_a_page_of_text_is_never_left_without_a_story() -> None:
    chances = {(0, 4): 1, (5, 9): 999}
    assert told(*cut([4, 4], chances), chances) == [0, 4]


@pytest.mark.parametrize("seed", range(30))
def test_no_other_way_to_cut_a_page_has_a_better_total(seed: int) -> None:
    chance = np.random.default_rng(seed)
    pairs = [pair for pair in combinations(range(6), 2) if chance.random() < 0.7]
    chances = {pair: int(chance.integers(0, 1000)) for pair in pairs} | {(0, 5): 400}
    points, segments = cut([5], chances)
    ordered = sorted(chances)
    share = dict(zip(ordered, segments.share.tolist(), strict=True))
    worth = {pair: chances[pair] - STAKE + COVER * share[pair] // 1000 for pair in ordered}

    def best(begin: int) -> int:
        """Try everything: skip this line, or take any segment that begins here."""
        if begin == 5:
            return 0
        taken = [worth[pair] + best(pair[1]) for pair in ordered if pair[0] == begin]
        return max([best(begin + 1), *taken])

    values = np.array([chances[pair] for pair in ordered])
    decision = decide(points, segments, values)
    chosen = zip(decision.starts.tolist(), decision.ends.tolist(), strict=True)
    assert max(sum(worth[pair] for pair in chosen), 1) >= best(0)


def test_every_start_is_paired_with_what_follows_on_its_page() -> None:
    points, _ = cut([3, 2], {(0, 3): 1})
    begin, end = pair_points(points)
    expected = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (4, 5), (4, 6), (5, 6)]
    assert list(zip(begin.tolist(), end.tolist(), strict=True)) == expected


def test_a_score_has_the_probability_of_its_step() -> None:
    chance = np.array([[-10, 1], [0, 500], [10, 900]])
    scores = np.array([-99, -10, -1, 0, 9, 10, 99])
    assert look_up(scores, chance).tolist() == [1, 1, 1, 500, 500, 900, 900]
