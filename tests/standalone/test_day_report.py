"""The last 24 hours: nothing that failed is forgotten because something later succeeded."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from include.config.settings import Settings, read_settings
from include.standalone.commands import doctor
from include.standalone.day_report import (
    NOTE_CHARS,
    SHOWN,
    AirflowDay,
    Day,
    gather_day,
    read_airflow_day,
    report_day,
    report_landed,
    report_questions,
    report_restarts,
    report_runs,
)
from include.standalone.doctor_sheet import print_sheet, render_json
from include.standalone.findings import Level, sick
from include.standalone.restarts import Restart
from include.warehouse.day import LandedDay

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
FAILED = {
    "dag_id": "ingest_pages",
    "dag_run_id": "r",
    "end_date": "2026-11-29T03:12:00Z",
    "note": "LakeLocked:\n wait.",
}
STORIES = {"runs": 1, "stories_landed": 3, "stories_quarantined": 1, "stories_waiting": 0}
QUIET = LandedDay([], STORIES | {"stories_landed": 0, "stories_quarantined": 0}, [], [])


def airflow(newest: str, *failed: dict[str, Any]) -> AirflowDay:
    return AirflowDay(145, list(failed), [], {run["dag_id"]: newest for run in failed})


def test_a_failed_run_is_reported_after_the_next_one_succeeded() -> None:
    finding = report_runs(airflow("success", FAILED))
    assert finding.level is Level.LOOK
    assert finding.state == "145 runs ended, 1 failed; later ones succeeded"
    assert finding.details == ("03:12  ingest_pages: LakeLocked: wait.",)


def test_a_dag_whose_newest_run_failed_is_sick() -> None:
    finding = report_runs(airflow("failed", FAILED))
    assert not finding.is_well
    assert "ingest_pages has not succeeded since" in finding.state


def test_runs_that_failed_alike_share_a_line_and_many_lines_are_counted() -> None:
    finding = report_runs(airflow("success", *[FAILED] * 9))
    assert "9 failed" in finding.state
    assert finding.details == ("03:12, 03:12, 03:12 and 6 more  ingest_pages: LakeLocked: wait.",)
    various = [FAILED | {"note": f"note {number}"} for number in range(9)]
    finding = report_runs(airflow("success", *various))
    assert len(finding.details) == SHOWN + 1
    assert finding.details[-1] == "… and 4 more (--json has them)"


def test_a_long_note_is_cut_between_words() -> None:
    finding = report_runs(airflow("success", FAILED | {"note": "word " * 200}))
    assert len(finding.details[0]) < NOTE_CHARS + 40
    assert finding.details[0].endswith("word …")


def test_questions_that_wait_are_named_with_their_time() -> None:
    asked = {
        "subject": "12 stories failed body.length",
        "created_at": "2026-11-29T07:00:00Z",
        "task_instance": {"dag_id": "review_quarantine", "dag_run_id": "r"},
    }
    finding = report_questions([asked])
    assert finding.state == "1 question waits for an answer"
    assert finding.details == ("07:00  review_quarantine: 12 stories failed body.length",)


def test_files_stories_quarantine_and_silence_are_told_by_reason() -> None:
    files = [
        {"outcome": "landed", "reason": None, "files": 3},
        {"outcome": "rejected", "reason": "html", "files": 2},
        {"outcome": "rejected", "reason": "too_large", "files": 1},
    ]
    rules = [{"rule": "body.length", "stories": 4, "new_stories": 1}]
    silent = [{"outlet": "Herald", "silent_days": 9, "usual_gap_days": 1.0, "last_day": None}]
    landed = LandedDay(files, STORIES | {"stories_waiting": 4}, rules, silent)
    by_thing = {finding.thing: finding for finding in report_landed(landed)}
    assert by_thing["stories"].state == "3 landed, 1 quarantined, from 6 files"
    assert by_thing["files"].state == "3 files rejected"
    assert by_thing["files"].details == ("2  html", "1  too_large")
    assert by_thing["quarantine"].details == ("4  body.length (1 new)",)
    assert by_thing["outlets"].details == ("Herald  9 days, usually 1",)
    assert {one.level for one in report_landed(QUIET)} == {Level.OK}


def test_restarts_are_listed_newest_first() -> None:
    restarts = [
        Restart("2026-11-29T01:00:00+00:00", "triggerer", "It ended with -9.", False),
        Restart("2026-11-29T02:00:00+00:00", "scheduler", "A task is queued. For 61 s.", True),
    ]
    finding = report_restarts(restarts)
    assert finding.level is Level.LOOK
    assert finding.details[0] == "02:00  scheduler: A task is queued. For 61 s."
    assert report_restarts([]).level is Level.OK


class Api:
    """An API whose newest run of a DAG succeeded after one that failed."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def get(self, path: str) -> Any:
        self.paths.append(path)
        if "hitlDetails" in path:
            return {"hitl_details": []}
        if "/dags/~/" in path and "state=success" not in path:
            return {"dag_runs": [FAILED], "total_entries": 1}
        return {"dag_runs": [{"state": "success"}], "total_entries": 145}


def test_airflow_is_asked_for_the_runs_that_ended_since() -> None:
    api: Any = Api()
    day = read_airflow_day(api, NOW)
    assert (day.runs, day.failed, day.newest) == (145, [FAILED], {"ingest_pages": "success"})
    assert all("end_date_gte=2026-11-29T08%3A00%3A00%2B00%3A00" in p for p in api.paths[:2])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    return read_settings({}, home=tmp_path)


def test_what_cannot_be_asked_is_said(settings: Settings) -> None:
    day = gather_day(settings, NOW)
    states = {finding.thing: finding.state for finding in report_day(day)}
    assert states["runs"] == "unknown: Airflow is not running"
    assert states["files"] == "nothing has been published yet"
    assert "apache-airflow" in states["versions"]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_sheet_counts_what_is_broken_and_quotes_nothing_raw(is_terminal: bool) -> None:
    console = Console(record=True, width=100, force_terminal=is_terminal)
    broken = sick("work", "\x1b[2Jgone", "Read it", "[red]a detail[/]")
    print_sheet([broken], list(report_runs_of("success")), NOW, console)
    text = console.export_text()
    assert "Copydesk, 2026-11-29 08:00 UTC: 1 thing is broken, 1 thing to look at" in text
    assert "\x1b" not in text
    assert "[red]a detail[/]" in text


def test_a_pipe_gets_one_line_per_finding_without_trailing_blanks() -> None:
    console = Console(record=True, width=40, force_terminal=False)
    broken = sick("work", "A long state " * 9 + "ends", "Read it", "a detail")
    print_sheet([broken], [], NOW, console)
    lines = console.export_text().splitlines()
    assert lines[3:5] == [f"SICK work: {broken.state}. Read it.", "     · a detail"]


def report_runs_of(newest: str) -> list[Any]:
    return [report_runs(airflow(newest, FAILED))]


def test_json_holds_every_finding_and_the_figures() -> None:
    day = Day(NOW, airflow("success", *[FAILED] * 9), QUIET, [], {"python": "3.11"})
    content = json.loads(render_json([], list(report_day(day)), day, NOW))
    assert content["is_well"] is True
    assert len(content["figures"]["runs_failed"]) == 9
    assert content["figures"]["stories"]["stories_waiting"] == 0
    assert {finding["level"] for finding in content["last_24_hours"]} == {"ok", "look"}


def test_doctor_exits_with_1_and_prints_one_object(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(settings, Console(), as_json=True) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["is_well"] is False
    assert content["now"][0]["state"] == "is not running"
