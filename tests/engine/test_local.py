"""Items are worked in processes of this machine: in order, and one bad item stops no other."""

from __future__ import annotations

import pytest

from include.engine.local import Here, Local
from include.engine.outcomes import Failed, demand_all
from include.errors import DiskFull, WorkerLost
from tests.engine.steps import die, die_at_three, double, fill_the_disk, refuse_three

ENGINES = [Here(), Local(2)]


@pytest.mark.parametrize("engine", ENGINES)
def test_results_come_in_the_order_of_the_items(engine) -> None:
    assert engine.map(double, range(5)) == [0, 2, 4, 6, 8]
    assert engine.map(double, []) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_item_that_a_step_fails_on_is_set_aside_with_its_reason(engine) -> None:
    assert engine.map(refuse_three, [2, 3, 4]) == [2, Failed(3, "ValueError: three"), 4]


def test_an_item_that_kills_its_worker_is_set_aside() -> None:
    two, three, four, five = Local(2).map(die_at_three, [2, 3, 4, 5])
    assert (two, four, five) == (2, 4, 5)
    assert three.item == 3
    assert "killed" in three.reason


def test_if_every_item_kills_its_worker_the_fault_is_not_theirs() -> None:
    with pytest.raises(WorkerLost, match="None could be done"):
        Local(2).map(die, [1, 2])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_of_ours_is_no_items_fault(engine) -> None:
    with pytest.raises(DiskFull):
        engine.map(fill_the_disk, [1])


def test_where_no_item_may_be_left_out_the_first_failure_is_raised() -> None:
    assert demand_all([1, 2]) == [1, 2]
    with pytest.raises(WorkerLost, match="ValueError: three"):
        demand_all(Here().map(refuse_three, [2, 3]))
