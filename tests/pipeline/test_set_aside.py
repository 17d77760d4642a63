"""Whatever is wrong with one page, it is set aside with a reason, and the others land."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from include.config.settings import ROOT, Settings
from include.errors import GateClosed, LakeLocked, SuiteError
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import judge, split, steps
from include.pipeline.receipt_types import IntakeReceipt, JudgeReceipt
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
BAD, PICTURE = "05_aggregator.txt", "10_picture_named_txt.txt"


class PanicException(BaseException):
    """What polars raises when its Rust panics; not an `Exception`."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    shutil.copytree(ROOT / "include" / "sample_inbox", inbox)
    return replace(Settings(), home=tmp_path / "home", inbox=inbox, settle_s=0.0)


@pytest.fixture
def split_by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the splitter fail, or answer otherwise, where a page is in the table."""

    def put(answer: Callable[[pa.Table, object], object], name: str = BAD) -> None:
        real = split.split_pages

        def split_pages(pages: pa.Table, *args, **kwargs):
            found = real(pages, *args, **kwargs)
            return answer(pages, found) if name in pages["name"].to_pylist() else found

        monkeypatch.setattr(split, "split_pages", split_pages)

    return put


def fail_with(error: BaseException):
    def answer(*_):
        raise error

    return answer


def run(settings: Settings, run_id: str = "one", now: datetime = NOW) -> Path:
    taken = steps.intake(settings, run_id, now)
    batches = read_receipt(taken, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    landed = steps.land(settings, steps.gate(settings, taken, judged), now)
    steps.publish(settings)
    return landed


def outcomes(settings: Settings) -> dict[str, tuple[str, str | None]]:
    rows = run_query(settings.warehouse, "select name, outcome, reason from meta.deliveries")
    return {row["name"]: (row["outcome"], row["reason"]) for row in rows.to_pylist()}


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a value"),
        RecursionError("too deep"),
        MemoryError(),
        KeyError("key"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
        pa.ArrowInvalid("arrow"),
        PanicException("panic"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_page_on_which_the_splitter_raises_is_set_aside(settings, split_by, error):
    split_by(fail_with(error))

    run(settings)

    found = outcomes(settings)
    assert found.pop(BAD) == ("rejected", f"split_failed:{type(error).__name__}")
    assert {name for name, (outcome, _) in found.items() if outcome == "rejected"} == {PICTURE}
    assert len(found) == len(list(settings.inbox.iterdir())) - 1


def test_a_page_whose_spans_do_not_add_up_is_set_aside(settings, split_by):
    def lose_chrome(pages, found):
        at = pages["name"].to_pylist().index(BAD)
        lost = pc.equal(found.chrome["page_id"], pages["page_id"][at])
        return replace(found, chrome=found.chrome.filter(pc.invert(lost)))

    split_by(lose_chrome)
    run(settings)

    assert outcomes(settings)[BAD] == ("rejected", "spans_unbalanced")


def test_the_bytes_of_a_page_set_aside_are_kept(settings, split_by):
    split_by(fail_with(ValueError()))
    run(settings)

    kept = run_query(settings.warehouse, f"select size_bytes from lake.pages where name = '{BAD}'")
    assert kept.to_pylist() == [{"size_bytes": (settings.inbox / BAD).stat().st_size}]


def test_the_other_pages_land_as_they_do_without_it(settings, split_by, tmp_path):
    clean = replace(settings, home=tmp_path / "clean")
    query = f"select * exclude (ingested_at) from stories where source_name <> '{BAD}' order by all"
    run(clean)
    split_by(fail_with(ValueError()))
    run(settings)

    expected = run_query(clean.warehouse, query)
    assert expected.num_rows
    assert run_query(settings.warehouse, query).equals(expected)


@pytest.mark.parametrize("error", [LakeLocked("lake", "x", ""), KeyboardInterrupt()])
def test_errors_that_are_not_the_pages_fail_the_run(settings, split_by, error):
    split_by(fail_with(error))
    with pytest.raises(type(error)):
        run(settings)


def test_a_page_whose_stories_cannot_be_judged_is_set_aside(settings, monkeypatch):
    real = judge.rule_on

    def rule_on(stories, suite, batch_id, run):
        if BAD in stories["source_name"].to_pylist():
            raise SuiteError("rule", "body.length", "DuckDB could not evaluate it.")
        return real(stories, suite, batch_id, run)

    monkeypatch.setattr(judge, "rule_on", rule_on)
    run(settings)

    assert outcomes(settings)[BAD] == ("rejected", "judge_failed:SuiteError")
    rows = run_query(settings.warehouse, f"from stories where source_name = '{BAD}'")
    assert rows.num_rows == 0
    assert run_query(settings.warehouse, "from stories").num_rows > 10


def test_a_suite_that_fails_on_every_page_fails_the_run(settings, monkeypatch):
    def rule_on(stories, *_):
        raise SuiteError("rule", "body.length", "DuckDB could not evaluate it.")

    monkeypatch.setattr(judge, "rule_on", rule_on)
    with pytest.raises(SuiteError):
        run(settings)


def test_the_gate_counts_pages_set_aside(settings, split_by):
    split_by(fail_with(ValueError()))
    run(settings)

    found = run_query(
        settings.warehouse, "select observed from quality.results where rule_id = 'run.set_aside'"
    )
    assert found.to_pylist() == [{"observed": "1"}]


def test_a_release_that_breaks_many_pages_is_stopped_at_the_gate(settings, split_by):
    for number in range(20):
        (settings.inbox / f"page {number}.txt").write_text(f"A page of number {number}.")
    split_by(fail_with(ValueError()), "page 7.txt")

    with pytest.raises(GateClosed) as caught:
        run(settings)
    assert "run.set_aside_rate" in str(caught.value)


def test_a_page_that_cannot_be_split_again_keeps_its_stories(settings, split_by):
    run(settings)
    query = f"from stories where source_name = '{BAD}'"
    before = run_query(settings.warehouse, query)
    split_by(fail_with(ValueError()))
    later = NOW + timedelta(days=1)
    recalled = steps.recall(settings, "again", later, Choice(), RESPLIT)
    judged = [
        steps.judge(steps.split(batch)) for batch in read_receipt(recalled, IntakeReceipt).batches
    ]
    assert sum(read_receipt(path, JudgeReceipt).set_aside for path in judged) == 1
    steps.land(settings, steps.gate(settings, recalled, judged), later)
    steps.publish(settings)

    assert before.num_rows
    assert run_query(settings.warehouse, query).equals(before)
