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

from include.config.settings import Settings
from include.errors import GateClosed, LakeLocked, SuiteError
from include.lake.landing.land import land_run
from include.lake.reading.recall import Choice, choose_pages
from include.model import RESPLIT, Run
from include.pipeline import judge, resplit, split, steps
from include.pipeline.receipt_types import (
    CompareReceipt,
    GateReceipt,
    IntakeReceipt,
    JudgeReceipt,
)
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query
from tests import sample
from tests.killing import Killed, kill_at

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
BAD, PICTURE = "05_aggregator.txt", "10_picture_named_txt.txt"
OLD = "a splitter that fails"


class PanicException(BaseException):
    """What polars raises when its Rust panics; not an `Exception`."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for page in sorted(sample.INBOX.iterdir())[:10]:  # of 20 pages, one set aside closes the gate
        shutil.copy2(page, inbox)
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


@pytest.fixture
def waiting(settings, monkeypatch) -> Settings:
    """Give a home in which a page was set aside by an older splitter."""
    with monkeypatch.context() as patch:
        patch.setattr(split, "SPLITTER_VERSION", OLD)
        fail_on(patch, BAD)
        run(settings)
    assert outcomes(settings)[BAD][0] == "rejected"
    return settings


def fail_on(patch: pytest.MonkeyPatch, name: str) -> None:
    real = split.split_pages

    def split_pages(pages: pa.Table, *args, **kwargs):
        if name in pages["name"].to_pylist():
            raise ValueError
        return real(pages, *args, **kwargs)

    patch.setattr(split, "split_pages", split_pages)


def split_again(settings: Settings, run_id: str = "again", only_older: bool = True) -> Path:
    """Split older pages, or all, again; give the receipt of the comparison."""
    later = NOW + timedelta(days=1)
    choice = resplit.choose(None, (), only_older)
    recalled = steps.recall(settings, run_id, later, choice, RESPLIT)
    batches = read_receipt(recalled, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    return resplit.compare(settings, steps.gate(settings, recalled, judged))


def land_again(settings: Settings, compared: Path) -> None:
    later = NOW + timedelta(days=1, hours=1)
    steps.land(settings, read_receipt(compared, CompareReceipt).gate, later)
    steps.publish(settings)


def of_page(settings: Settings, name: str = BAD) -> int:
    return run_query(settings.warehouse, f"from stories where source_name = '{name}'").num_rows


def test_a_newer_splitter_takes_a_page_that_was_set_aside(waiting, tmp_path):
    clean = replace(waiting, home=tmp_path / "clean")
    run(clean)
    compared = split_again(waiting)
    counts = read_receipt(compared, CompareReceipt).totals
    assert (counts.added, counts.gone) == (of_page(clean), 0)

    land_again(waiting, compared)
    query = f"select * exclude (run_id, ingested_at) from stories where source_name = '{BAD}'"
    expected = run_query(clean.warehouse, query)
    assert expected.num_rows
    assert run_query(waiting.warehouse, query).equals(expected)
    taken = run_query(
        waiting.warehouse,
        f"select outcome, reason from meta.deliveries where name = '{BAD}' order by ingested_at",
    )
    assert [tuple(row.values()) for row in taken.to_pylist()] == [
        ("rejected", "split_failed:ValueError"),
        ("landed", None),
    ]


def test_a_page_that_was_set_aside_and_landed_is_not_taken_again(waiting):
    land_again(waiting, split_again(waiting))
    idle = steps.intake(waiting, "idle", NOW + timedelta(days=2))
    assert read_receipt(idle, IntakeReceipt).batches == ()
    assert resplit.choose(None, (), True).below
    assert choose_pages(waiting.lake, resplit.choose(None, (), True)).is_empty()


def test_the_splitter_that_failed_tries_again_only_when_all_pages_are_asked_for(
    settings, monkeypatch
):
    with monkeypatch.context() as patch:
        fail_on(patch, BAD)
        run(settings)
    assert choose_pages(settings.lake, resplit.choose(None, (), True)).is_empty()
    land_again(settings, split_again(settings, only_older=False))
    assert of_page(settings)


def test_a_page_that_could_not_be_judged_is_tried_again(settings, monkeypatch):
    real = judge.rule_on

    def rule_on(stories, suite, batch_id, run):
        if BAD in stories["source_name"].to_pylist():
            raise SuiteError("rule", "body.length", "DuckDB could not evaluate it.")
        return real(stories, suite, batch_id, run)

    with monkeypatch.context() as patch:
        patch.setattr(split, "SPLITTER_VERSION", OLD)
        patch.setattr(judge, "rule_on", rule_on)
        run(settings)
    land_again(settings, split_again(settings))
    assert of_page(settings)


def test_a_page_that_fails_again_stays_set_aside(waiting, monkeypatch):
    fail_on(monkeypatch, BAD)
    land_again(waiting, split_again(waiting))
    assert (outcomes(waiting)[BAD][0], of_page(waiting)) == ("rejected", 0)
    monkeypatch.undo()
    land_again(waiting, split_again(waiting, "third"))
    assert of_page(waiting)


def test_a_revision_that_was_set_aside_replaces_the_page_before_it(settings, monkeypatch):
    name = "01_three_stories_joined.txt"
    run(settings)
    before = of_page(settings, name)
    text = (settings.inbox / BAD).read_bytes()
    (settings.inbox / name).write_bytes(text + b"\n\nA line more.\n")
    with monkeypatch.context() as patch:
        patch.setattr(split, "SPLITTER_VERSION", OLD)
        fail_on(patch, name)
        run(settings, "two", NOW + timedelta(hours=1))
    assert of_page(settings, name) == before, "the page before stays current"

    land_again(settings, split_again(settings))
    bodies = run_query(settings.warehouse, f"from stories where source_name = '{name}'")
    assert len(set(bodies["page_id"].to_pylist())) == 1
    gone = run_query(
        settings.warehouse, "select reason, count(*) as n from story_revisions group by 1"
    )
    assert gone.to_pylist() == [{"reason": "revised", "n": before}]


def test_a_page_set_aside_and_then_revised_is_not_tried_again(waiting):
    (waiting.inbox / BAD).write_bytes((waiting.inbox / BAD).read_bytes() + b"\nA line more.\n")
    run(waiting, "two", NOW + timedelta(hours=1))
    chosen = choose_pages(waiting.lake, resplit.choose(None, (), True))
    rejected = run_query(
        waiting.warehouse, "select page_id from meta.deliveries where outcome = 'rejected'"
    )
    assert not set(chosen["page_id"]) & set(rejected["page_id"].to_pylist())


def test_a_page_that_is_revised_during_its_re_split_is_skipped(waiting):
    compared = split_again(waiting)
    (waiting.inbox / BAD).write_bytes((waiting.inbox / BAD).read_bytes() + b"\nA line more.\n")
    run(waiting, "two", NOW + timedelta(hours=1))
    newer = run_query(waiting.warehouse, f"from stories where source_name = '{BAD}'")
    land_again(waiting, compared)
    after = run_query(waiting.warehouse, f"from stories where source_name = '{BAD}'")
    assert after["page_id"].to_pylist() == newer["page_id"].to_pylist()


def test_bytes_set_aside_under_two_names_land_once(settings, monkeypatch):
    shutil.copy(settings.inbox / BAD, settings.inbox / "copy.txt")
    with monkeypatch.context() as patch:
        patch.setattr(split, "SPLITTER_VERSION", OLD)
        fail_on(patch, BAD)
        run(settings)
        fail_on(patch, "copy.txt")
        run(settings, "two", NOW + timedelta(hours=1))
    land_again(settings, split_again(settings))
    names = run_query(settings.warehouse, "select distinct source_name from stories")
    landed = {BAD, "copy.txt"} & set(names["source_name"].to_pylist())
    assert len(landed) == 1
    assert choose_pages(settings.lake, resplit.choose(None, (), True)).is_empty()


@pytest.mark.parametrize("point", ["stories", "pages", "runs"])
def test_a_killed_landing_of_a_page_set_aside_is_undone_or_finished(waiting, point):
    compared = split_again(waiting)
    gate = read_receipt(read_receipt(compared, CompareReceipt).gate, GateReceipt)
    again = Run("again", gate.started_at)
    with pytest.raises(Killed):
        land_run(waiting.lake, gate.gated, again, NOW + timedelta(days=1), kill_at(point))
    land_again(waiting, compared)
    assert of_page(waiting)
