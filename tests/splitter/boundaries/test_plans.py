"""Each page follows the plan that promises most; in doubt, the decoder's."""

from dataclasses import replace

import numpy as np

from include.splitter.boundaries.cut_points import Points
from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.plans import MARGIN, SUREST, _cut_at, _settle_starts, choose_plans
from include.splitter.line_arrays import find_ground
from include.splitter.model.forest import VALUE_STEPS

GROUND = find_ground(np.array([0, 0, 0, 0, 1, 1]))
DECODED = Decision(np.array([0, 4]), np.array([4, 6]), np.array([900, 800]))
LINES = Decision(np.array([0, 2, 4, 5]), np.array([2, 4, 5, 6]), np.zeros(4, dtype=np.int64))


def choose(
    decoded: list[int], single: list[int], lines: list[int],
    sure: tuple[int, ...] = (), likely: tuple[int, int] = (500, 400),
) -> Decision:  # fmt: skip
    own = replace(DECODED, sure=np.array(likely))
    plans = [own, own, LINES]
    values = np.array([decoded, single, lines]).ravel()
    none = np.zeros(6, dtype=np.int64)
    table = {"digits": none, "stamped": none, "head_like": none}
    points = Points(np.array([4, 6]), np.array([0, 1]), np.zeros(2, bool), np.zeros(2, np.int64))
    return choose_plans(
        plans, values, points, table, np.ones(6, dtype=bool), GROUND, np.isin(GROUND.ids, sure)
    )


def test_each_page_follows_its_own_best_plan() -> None:
    chosen = choose([1000, 3000], [0, 0], [3500, 1000])
    assert chosen.starts.tolist() == [0, 2, 4]
    assert chosen.ends.tolist() == [2, 4, 6]
    assert chosen.sure.tolist() == [3500 * 1000 // VALUE_STEPS] * 2 + [400]


def test_the_decoders_plan_wins_unless_another_is_better_by_the_margin() -> None:
    assert choose([1000, 0], [0, 0], [1000 + MARGIN, 0]).starts.tolist() == [0, 4]
    assert choose([1000, 0], [0, 0], [1001 + MARGIN, 0]).starts.tolist() == [0, 2, 4]


def test_a_rules_certain_start_and_sure_stories_keep_the_decoders_plan() -> None:
    assert choose([0, 0], [0, 0], [4000, 4000], sure=(1,)).starts.tolist() == [0, 4, 5]
    assert choose([0, 0], [0, 0], [4000, 4000], likely=(SUREST, 400)).starts.tolist() == [0, 4, 5]


def test_a_plans_stories_end_at_the_next_one_and_at_their_page() -> None:
    mask = np.array([True, False, True, False, False, True])
    size = np.full(6, 50)
    cut = _cut_at(mask, np.array([False, True, True, True, True, True]), size, GROUND)
    assert cut.starts.tolist() == [0, 2, 5]
    assert cut.ends.tolist() == [2, 4, 6]


def test_a_stretch_without_text_is_no_story() -> None:
    cut = _cut_at(np.ones(6, bool), np.arange(6) % 2 == 1, np.full(6, 50), GROUND)
    assert cut.starts.tolist() == [1, 3, 5]


def test_a_story_that_a_bare_date_leads_starts_on_its_heading() -> None:
    table = {
        "digits": np.array([0, 20, 0, 20, 0, 0]), "stamped": np.zeros(6, dtype=np.int64),
        "head_like": np.array([1, 0, 0, 0, 1, 0]),
    }  # fmt: skip
    one = find_ground(np.zeros(6, dtype=np.int64))
    plan = Decision(np.array([1, 3]), np.array([3, 6]), np.zeros(2, dtype=np.int64))
    body = np.array([0, 0, 1, 0, 0, 1], dtype=bool)
    settled = _settle_starts(plan, np.array([], dtype=np.int64), table, body, one)
    assert settled.starts.tolist() == [0, 4]
    assert settled.ends.tolist() == [3, 6]
    settled = _settle_starts(plan, np.array([5]), table, body, one)
    assert settled.starts.tolist() == [0, 5]
