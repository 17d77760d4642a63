from io import StringIO
from typing import Any

from rich.console import Console

from include.standalone.progress import STEPS, draw, explain_failure, follow_run, summarise


class Api:
    """Answers as the API would while a run goes on: one state of its tasks after another."""

    def __init__(self, *moments: tuple[str, dict[str, list[str | None]]]) -> None:
        self.moments = list(moments)

    def get_run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        return {"state": self.moments[0][0]}

    def get_tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        moment = self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]
        return [
            {"task_id": task, "state": state, "map_index": -1, "try_number": 1}
            for task, states in moment[1].items()
            for state in states
        ]

    def get(self, path: str) -> Any:
        error = {"exc_type": "InboxMissing", "exc_value": "inbox: '/in'. Mount it."}
        return {"content": ["a line", {"event": "x"}, {"event": "y", "error_detail": [error]}]}


def told(api: Api) -> tuple[str, str]:
    out = StringIO()
    state = follow_run(api, "run", Console(file=out))  # type: ignore[arg-type]
    return state, out.getvalue()


def test_every_step_is_told_in_the_dags_order_even_before_it_began() -> None:
    assert [s.step for s in summarise([])] == [s.removeprefix("edit.") for s in STEPS]
    assert {s.describe() for s in summarise([])} == {"waiting"}


def test_batches_are_counted_by_state() -> None:
    tasks = [
        {"task_id": "edit.split", "state": state} for state in ("success", "success", "running")
    ]
    assert summarise(tasks)[1].describe() == "3 batches: 2 done, 1 running"


def test_a_plain_stream_gets_a_line_only_when_a_step_moves_on() -> None:
    state, lines = told(
        Api(
            ("running", {"take": ["running"]}),
            ("running", {"take": ["running"]}),
            ("success", {"take": ["success"], "publish": ["skipped"]}),
        )
    )
    assert state == "success"
    assert lines.split("\n") == ["  take     running", "  take     done", "  publish  skipped", ""]


def test_a_terminal_gets_a_table() -> None:
    out = StringIO()
    Console(file=out, force_terminal=True, width=80).print(draw(summarise([]), "running"))
    assert "ingest_pages: running" in out.getvalue()


def test_a_failure_names_the_task_and_the_error_of_its_log() -> None:
    api = Api(("failed", {"take": ["failed"], "publish": ["upstream_failed"]}))
    (line,) = explain_failure(api, "run")  # type: ignore[arg-type]
    assert line == "take: InboxMissing: inbox: '/in'. Mount it."
