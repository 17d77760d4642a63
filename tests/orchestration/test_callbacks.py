import asyncio
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowTaskTimeout

from include.errors import InboxMissing, LakeLocked
from include.orchestration.notices import describe_error, report_failure, report_late
from include.orchestration.run_notes import KEY

PUSHED: dict[str, str] = {}
TI = SimpleNamespace(
    dag_id="ingest_pages",
    run_id="run 1",
    task_id="take",
    map_index=-1,
    try_number=2,
    xcom_push=lambda key, value: PUSHED.update({key: value}),
)


def test_a_failure_names_dag_run_task_and_the_way_out(caplog: pytest.LogCaptureFixture) -> None:
    error = InboxMissing("inbox", "/in", "Mount it.")
    report_failure({"ti": TI, "exception": error})
    (line,) = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    for part in ("ingest_pages", "run 1", "take", "InboxMissing", "/in", "Mount it."):
        assert part in line


def test_the_line_of_a_failure_is_outside_of_the_folded_groups(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "copydesk.alerts"):
        report_failure({"ti": TI})
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "::endgroup::"
    assert lines[1].startswith("FAILED")
    assert lines[2].startswith("::group::")


def test_every_failure_is_the_note_of_its_task() -> None:
    report_failure({"ti": TI, "exception": InboxMissing("inbox", "/in", "Mount it.")})
    assert PUSHED[KEY].startswith("take failed: InboxMissing (a person must look): ")
    assert "/in" in PUSHED[KEY]
    report_failure({"ti": TI, "exception": AirflowTaskTimeout("x")})
    assert "it ran longer than COPYDESK_DEADLINE_S allows" in PUSHED[KEY]


def test_a_foreign_error_is_named_and_not_quoted() -> None:
    line = describe_error(ValueError("could not convert: 'The minister said'"))
    assert "ValueError" in line
    assert "minister" not in line


def test_a_line_tells_what_passes_from_what_does_not() -> None:
    assert "by itself" in describe_error(LakeLocked("lake", "x", "Wait."))
    assert "a person" in describe_error(InboxMissing("inbox", "x", "Mount it."))


def test_a_failure_without_an_error_is_reported_too(caplog: pytest.LogCaptureFixture) -> None:
    report_failure({"ti": TI})
    assert "Read the task's log" in caplog.text


def late(caplog: pytest.LogCaptureFixture, **run: object) -> str:
    context = {"dag_run": {"dag_id": "ingest_pages", "run_id": "run 1", **run}}
    asyncio.run(report_late(context, deadline_s=3600))
    return caplog.text


def before(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def test_a_late_run_is_named(caplog: pytest.LogCaptureFixture) -> None:
    text = late(caplog, state="running", queued_at=before(3601))
    assert "LATE dag=ingest_pages run=run 1" in text
    assert "3600 s" in text


def test_a_run_that_ended_or_was_queued_again_is_not_late(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert late(caplog, state="failed", queued_at=before(3601)) == ""
    assert late(caplog, state="running", queued_at=before(60)) == ""


def test_a_run_of_which_only_the_name_is_known_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert "LATE" in late(caplog)
