"""What an ingest sends to a collector: all of its figures, and none of its texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from include.telemetry.signals import FILES as FILES_METRIC
from include.telemetry.signals import METRICS, STEPS, record
from tests.pipeline.pages import GOOD, OTHER
from tests.telemetry.conftest import run_command

INGEST_STEPS = {"intake", "split", "judge", "gate", "land", "publish"}
WORDS = {word for page in (GOOD, OTHER) for word in page.split() if len(word) > 6}


def test_every_metric_that_is_declared_comes(measured) -> None:
    assert {metric.name for metric in measured.collector.metrics()} == {m.name for m in METRICS}


def test_the_counts_are_those_of_the_run(measured) -> None:
    files: Counter[str] = Counter()
    for labels, value in measured.collector.points("copydesk.files"):
        files[labels["outcome"]] += value
    assert {name: files[name] for name in ("taken", "rejected")} == {"taken": 2, "rejected": 1}
    stories = dict.fromkeys(("landed", "quarantined"), 0)
    for labels, value in measured.collector.points("copydesk.stories"):
        stories[labels["outcome"]] += value
    assert stories["landed"] == measured.figures["stories_landed"] > 0
    assert stories["quarantined"] == measured.figures["stories_quarantined"]


def test_every_step_is_timed_and_has_a_span(measured) -> None:
    timed = {labels["step"] for labels, _ in measured.collector.points("copydesk.step.duration")}
    assert timed == INGEST_STEPS
    assert {span.name for span in measured.collector.spans()} == {
        f"copydesk.{step}" for step in INGEST_STEPS
    }


def test_the_lag_is_the_time_from_the_drop_to_the_query(measured) -> None:
    ((_, lag_s),) = measured.collector.points("copydesk.query.lag")
    assert 0 < lag_s < 120
    assert list(measured.collector.points("copydesk.warehouse.behind")) == [({}, 0.0)]


def test_counts_are_sent_as_differences_since_each_task_is_a_process(measured) -> None:
    for metric in measured.collector.metrics():
        data = getattr(metric, metric.WhichOneof("data"))
        if hasattr(data, "aggregation_temporality"):
            assert data.aggregation_temporality == 1  # of the protocol: DELTA


def test_labels_have_declared_values_only(measured) -> None:
    declared = {metric.name: metric.labels for metric in METRICS}
    for metric in measured.collector.metrics():
        for labels, _ in measured.collector.points(metric.name):
            for label, value in labels.items():
                assert value in declared[metric.name][label]
    assert sum(len(values) for labels in declared.values() for values in labels.values()) < 50


def test_no_word_of_a_page_and_no_file_is_sent_or_logged(measured) -> None:
    sent = b"\n".join(body for _, body in measured.collector.bodies)
    for word in (*WORDS, "a.txt", "empty.txt", str(measured.home)):
        assert word.encode() not in sent, word
    assert not any(word in measured.logged for word in WORDS)


def test_log_lines_are_json_objects(measured) -> None:
    lines = [json.loads(line) for line in measured.logged.splitlines()]
    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in lines)


def test_off_means_that_nothing_is_imported_or_sent(tmp_path) -> None:
    code = (
        "import sys; from include.__main__ import main; main(['status', '--home', sys.argv[1]]);"
        "print([m for m in sys.modules if m.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_collector_that_is_down_fails_no_command(measured) -> None:
    done = run_command(
        measured.home, "tend", "--json",
        COPYDESK_TELEMETRY="otlp", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1",
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1])["pages"] == 2


def test_a_label_that_is_not_declared_is_refused(monkeypatch) -> None:
    from include.telemetry import signals

    class Deaf:
        def record(self, *_: object) -> None:
            pass

    monkeypatch.setattr(signals, "_exporter", Deaf())
    record(FILES_METRIC, 1, outcome="taken")
    with pytest.raises(ValueError, match="never"):
        record(FILES_METRIC, 1, outcome="a.txt")
    with pytest.raises(ValueError, match="labels"):
        record(FILES_METRIC, 1)
    assert "intake" in STEPS
