"""Headlines are chosen near the top of a story's own text, and never cost a story all of it."""

import numpy as np
import pytest

from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.headlines import (
    LONGEST,
    LOSS,
    OWN,
    ROLES,
    choose_headlines,
    find_headline_candidates,
)
from include.splitter.line_arrays import Ground, Table, find_ground
from include.splitter.model.forest import Forest
from include.splitter.model.line_classifier import Reading

BODY = np.array([0, 0, 1, 1, 0, 0, 1, 1], dtype=bool)
GROUND = find_ground(np.zeros(8, dtype=np.int64))
TWO = Decision(np.array([0, 4]), np.array([4, 8]), np.array([900, 800]))
NOWHERE = np.zeros(8, dtype=bool)
SIZE = 0  # column of the features that the forests here ask about


def make_table(**columns: list[int]) -> Table:
    names = (*OWN, "joined", *(f"role_{name}" for name in ROLES))
    return {name: np.array(columns.get(name, [0] * 8)) for name in names}


def prefer_size(least: int, value: int) -> Forest:
    """A forest that gives `value` to lines whose size is at least so many steps, else -value."""
    return Forest(
        feature=np.array([[SIZE, 0, 0]], dtype=np.int16),
        limit=np.array([[least - 1, 0, 0]], dtype=np.int32),
        low=np.array([[1, 1, 2]], dtype=np.uint8),
        high=np.array([[2, 1, 2]], dtype=np.uint8),
        value=np.array([[0, -value, value]], dtype=np.int16),
        depth=np.array([1], dtype=np.int16),
    )


def choose(
    table: Table, forest: Forest, decision: Decision = TWO, ground: Ground = GROUND,
    fixed: np.ndarray = NOWHERE, barred: np.ndarray = NOWHERE,
) -> tuple[list[int], list[int], list[int]]:  # fmt: skip
    """Give the starts, the ends and the lines of body."""
    none = Reading(np.zeros((8, 5), dtype=np.int64), np.zeros(8, dtype=np.int64))
    chosen, body = choose_headlines(
        decision, fixed, table, none, BODY, np.full(8, 60), ground, np.zeros(8, np.int64), barred,
        forest,
    )  # fmt: skip
    return chosen.starts.tolist(), chosen.ends.tolist(), np.flatnonzero(body).tolist()


def test_candidates_reach_up_to_the_text_of_the_story_above() -> None:
    late = Decision(np.array([1, 5]), np.array([5, 8]), np.array([900, 800]))
    found = find_headline_candidates(late, make_table(), BODY, np.full(8, 60), GROUND)
    assert found.at[found.story == 0].tolist() == [0, 1, 2, 3, 4]
    assert found.at[found.story == 1].tolist() == [4, 5, 6, 7]


def test_a_long_line_is_a_candidate_only_if_it_is_the_start() -> None:
    size = np.array([LONGEST + 1, LONGEST + 1, *[60] * 6])
    found = find_headline_candidates(TWO, make_table(), BODY, size, GROUND)
    assert found.at[found.story == 0].tolist() == [0, 2, 3]


def test_a_story_starts_on_its_likeliest_headline() -> None:
    table = make_table(size=[0, 9, 0, 0, 0, 9, 0, 0])
    assert choose(table, prefer_size(5, 2000))[0] == [1, 5]


def test_the_story_above_ends_where_the_headline_of_the_next_stands() -> None:
    late = Decision(np.array([0, 5]), np.array([5, 8]), np.array([900, 800]))
    table = make_table(size=[9, 0, 0, 0, 9, 0, 0, 0])
    assert choose(table, prefer_size(5, 2000), late)[:2] == ([0, 4], [4, 8])


def test_without_a_likely_headline_the_start_stays() -> None:
    assert choose(make_table(), prefer_size(5, 2000))[0] == [0, 4]


@pytest.mark.parametrize("value", [LOSS - 600, LOSS + 600])
def test_a_line_of_body_becomes_the_headline_only_if_it_is_likely(value: int) -> None:
    table = make_table(size=[0, 0, 9, 0, 0, 0, 0, 9])
    starts, _, body = choose(table, prefer_size(5, value))
    assert starts == ([2, 4] if value >= LOSS else [0, 4])  # 7 would leave its story no text
    assert body == ([3, 6, 7] if value >= LOSS else [2, 3, 6, 7])


def test_a_rules_start_and_lines_that_never_start_a_story_stay_as_they_are() -> None:
    table = make_table(size=[0, 9, 0, 0, 0, 9, 0, 0])
    assert choose(table, prefer_size(5, 2000), fixed=GROUND.ids == 0)[0] == [0, 5]
    assert choose(table, prefer_size(5, 2000), barred=GROUND.ids == 1)[0] == [0, 5]
