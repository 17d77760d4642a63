"""Params of a run: a name that is none is refused, an empty field is none."""

import copy

import pytest

from include.errors import UsageWrong
from include.orchestration import run_params
from include.orchestration.run_params import check_params


def test_a_param_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageWrong, match=r"'inbx'.*inbox, open_gate"):
        check_params({"inbx": "/nowhere", "inbox": None, "open_gate": []}, run_params.INGEST)
    check_params({"inbox": "/somewhere"}, run_params.INGEST)


@pytest.mark.parametrize(
    ("params", "name"),
    [(run_params.INGEST, "inbox"), (run_params.INGEST, "open_gate"),
     (run_params.RESPLIT, "days"), (run_params.RESPLIT, "outlets")],
)  # fmt: skip
def test_a_field_may_be_left_empty(params: dict, name: str) -> None:
    assert copy.deepcopy(params[name]).resolve(None) is None  # it keeps what it resolved
