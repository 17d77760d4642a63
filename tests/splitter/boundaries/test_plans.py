"""Each page follows the plan that promises most; in doubt, the decoder's."""

import numpy as np

from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.plans import MARGIN, _cut_at, _find_led, choose_plans
from include.splitter.line_arrays import Table, find_ground
from include.splitter.model.forest import VALUE_STEPS

GROUND = find_ground(np.array([0, 0, 0, 0, 1, 1]))
DECODED = Decision(np.array([0, 4]), np.array([4, 6]), np.array([900, 800]))
LINES = Decision(np.array([0, 2, 4, 5]), np.array([2, 4, 5, 6]), np.zeros(4, dtype=np.int64))


def choose(decoded: list[int], single: list[int], lines: list[int]) -> Decision:
    plans = [DECODED, DECODED, LINES]
    return choose_plans(plans, np.array([decoded, single, lines]).ravel(), GROUND.page)


def test_each_page_follows_its_own_best_plan() -> None:
    chosen = choose([1000, 3000], [0, 0], [3500, 1000])
    assert chosen.starts.tolist() == [0, 2, 4]
    assert chosen.ends.tolist() == [2, 4, 6]
    assert chosen.sure.tolist() == [3500 * 1000 // VALUE_STEPS] * 2 + [800]


def test_the_decoders_plan_wins_unless_another_is_better_by_the_margin() -> None:
    assert choose([1000, 0], [0, 0], [1000 + MARGIN, 0]).starts.tolist() == [0, 4]
    assert choose([1000, 0], [0, 0], [1001 + MARGIN, 0]).starts.tolist() == [0, 2, 4]


def test_a_plans_stories_end_at_the_next_one_and_at_their_page() -> None:
    mask = np.array([True, False, True, False, False, True])
    size = np.full(6, 50)
    cut = _cut_at(mask, np.array([False, True, True, True, True, True]), size, GROUND)
    assert cut.starts.tolist() == [0, 2, 5]
    assert cut.ends.tolist() == [2, 4, 6]


def test_a_stretch_without_text_is_no_story() -> None:
    cut = _cut_at(np.ones(6, bool), np.arange(6) % 2 == 1, np.full(6, 50), GROUND)
    assert cut.starts.tolist() == [1, 3, 5]


def test_an_entry_starts_below_a_bare_date_and_on_a_line_that_holds_more() -> None:
    table: Table = {
        "parted_masked": np.array([0, 0, 0, 3, 0, 0]),
        "parted_shaped": np.array([0, 0, 0, 3, 0, 0]),
        "dated": np.array([1, 0, 1, 0, 0, 0]), "size": np.array([10, 40, 20, 12, 30, 30]),
        "digits": np.array([20, 0, 3, 0, 0, 0]), "stamped": np.zeros(6, dtype=np.int64),
    }  # fmt: skip
    one = find_ground(np.zeros(6, dtype=np.int64))
    assert np.flatnonzero(_find_led(table, one)).tolist() == [1, 2, 4]
