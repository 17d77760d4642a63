"""Re-splitting in Airflow: which days a run is for, and what an answer does."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from include.config.settings import Settings
from include.orchestration import resplit_tasks
from include.orchestration.links import ResplitLink, RunLink
from include.orchestration.resplit_tasks import ApproveOperator
from include.pipeline import resplit, steps
from include.review.comparison import Counts

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PARAMS = {"days": None, "outlets": [], "only_older": False}


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Give what `recall` asks the lake for."""
    found: list[Any] = []
    monkeypatch.setattr(steps, "recall", lambda *given: found.append(given[3]))
    monkeypatch.setattr(resplit_tasks, "share_out", lambda receipt: [])
    return found


def run_at(monkeypatch: pytest.MonkeyPatch, logical: datetime | None) -> None:
    run = SimpleNamespace(logical_date=logical, run_after=NOON)
    monkeypatch.setattr(resplit_tasks, "get_current_context", lambda: {"dag_run": run})


@pytest.mark.parametrize(
    ("logical", "day"),
    [(datetime(2026, 1, 31, tzinfo=UTC), date(2026, 1, 31)), (None, NOON.date())],
    ids=["of a backfill", "by hand"],
)
def test_a_run_is_for_its_own_day(
    monkeypatch: pytest.MonkeyPatch, chosen: list[Any], logical: datetime | None, day: date
) -> None:
    run_at(monkeypatch, logical)
    resplit_tasks.recall(Settings(), "run", PARAMS)
    assert chosen[0].days == (day,)


def test_days_given_as_a_param_win(monkeypatch: pytest.MonkeyPatch, chosen: list[Any]) -> None:
    run_at(monkeypatch, NOON)
    resplit_tasks.recall(Settings(), "run", {**PARAMS, "days": ["2026-01-01..2026-01-02"]})
    resplit_tasks.recall(Settings(), "run", {**PARAMS, "days": "all", "outlets": ["The Herald"]})
    assert chosen[0].days == (date(2026, 1, 1), date(2026, 1, 2))
    assert chosen[1].days is None
    assert chosen[1].outlets == {"The Herald"}


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []

    def settle(*given: Any) -> bool:
        found.append(given)
        return bool(given[2] == resplit.APPROVED)

    monkeypatch.setattr(resplit, "settle", settle)
    monkeypatch.setattr(resplit_tasks, "read_receipt", lambda *_: SimpleNamespace(gate="gate.json"))
    monkeypatch.setattr(steps, "land", lambda *given: f"landed {given[1]}")
    return found


def answer(option: str, user: dict[str, str] | None) -> dict[str, Any]:
    return {
        "chosen_options": [option], "responded_by_user": user, "responded_at": NOON.isoformat(),
    }  # fmt: skip


def test_an_approval_lands_under_its_name(settled: list[Any]) -> None:
    landed = resplit_tasks.land(Settings(), "c.json", answer("Approve", {"id": "7", "name": "ed"}))
    assert landed == "landed gate.json"
    assert settled[0][2:] == ("approved", "ed", NOON)


def test_without_an_answer_nothing_lands(settled: list[Any]) -> None:
    with pytest.raises(AirflowSkipException, match="nothing was changed"):
        resplit_tasks.land(Settings(), "c.json", answer("Refuse", None))
    assert settled[0][2:4] == ("refused", resplit_tasks.NOBODY)


def test_a_dry_run_asks_nobody() -> None:
    ask = ApproveOperator(task_id="approve", compared="never read", wait_s=1)
    with pytest.raises(AirflowSkipException):
        ask.execute({"params": {"dry_run": True}})


def test_a_resplit_that_changes_no_story_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = SimpleNamespace(
        totals=Counts(before=2, same=2, after=2), pages=2, run_id="resplit_history/x"
    )
    recorded: list[Any] = []
    notes: list[str] = []
    monkeypatch.setattr(resplit_tasks, "read_receipt", lambda *_: compared)
    monkeypatch.setattr(resplit_tasks, "leave_note", notes.append)
    monkeypatch.setattr(resplit, "compare", lambda *_: "compared.json")
    monkeypatch.setattr(steps, "gate", lambda *_: "gate.json")
    monkeypatch.setattr(resplit, "settle", lambda *given: recorded.append(given))
    resplit_tasks.compare(Settings(), "intake.json", [], dry_run=False)
    assert recorded[0][1:3] == ("compared.json", resplit.DRY_RUN)
    assert "nobody is asked" in notes[0]
    ask = ApproveOperator(task_id="approve", compared="compared.json", wait_s=1)
    with pytest.raises(AirflowSkipException, match="No story would change"):
        ask.execute({"params": {"dry_run": False}})


def test_links_lead_to_the_desk_inside_airflow() -> None:
    key = SimpleNamespace(dag_id="resplit_history", run_id="manual__2026-03-04T12:00:00+00:00")
    run = "manual__2026-03-04T12%3A00%3A00%2B00%3A00"
    desk = "/plugin/copydesk/copydesk"
    link = ResplitLink().get_link(None, ti_key=key)
    assert link == f"{desk}/lake/resplit?run=resplit_history%2F{run}"
    assert RunLink().get_link(None, ti_key=key) == f"{desk}/run?dag=resplit_history&run={run}"
