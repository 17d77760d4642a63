"""The step `judge` on bad input: each has one outcome, and nothing is lost."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config.settings import ROOT, Settings
from include.errors import GateClosed, SuiteError
from include.pipeline import judge, steps
from include.pipeline.receipt_types import GateReceipt, IntakeReceipt, JudgeReceipt
from include.pipeline.receipts import read_receipt
from include.quality.suites import suite as suites

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
STORIES = suites.load_suite("stories")
LENGTH = STORIES.rules[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    shutil.copytree(ROOT / "include" / "sample_inbox", inbox)
    return replace(Settings(), home=tmp_path / "home", inbox=inbox, settle_s=0.0)


@pytest.fixture
def judge_by(monkeypatch: pytest.MonkeyPatch):
    """Replace the suite `stories` by one rule; the other suites stay."""

    def put(derived: str, bound: int) -> None:
        kwargs = {"column": "looked_at", "max_value": bound}
        rules = (replace(LENGTH, id="our.rule", kwargs=kwargs),)
        ours = replace(STORIES, derive={"looked_at": derived}, rules=rules, gates={})
        load = suites.load_suite
        monkeypatch.setattr(
            judge, "load_suite", lambda name: ours if name == "stories" else load(name)
        )

    return put


def split_all(settings: Settings) -> tuple[Path, list[Path]]:
    taken = steps.intake(settings, "odd", NOW)
    return taken, [steps.split(batch) for batch in read_receipt(taken, IntakeReceipt).batches]


def test_a_batch_where_every_story_fails_is_set_aside_whole_and_the_gate_closes(settings, judge_by):
    judge_by("length(body)", bound=0)
    taken, batches = split_all(settings)
    judged = [steps.judge(batch) for batch in batches]
    tally = read_receipt(judged[0], JudgeReceipt).tally
    assert (tally.landed, tally.quarantined) == (0, tally.stories)
    with pytest.raises(GateClosed, match=r"run\.quarantine_rate|run\.rule_rate"):
        steps.gate(settings, taken, judged)
    assert taken.with_name("closed.json").exists()


def test_a_rule_on_a_missing_column_fails_the_step_and_judges_nothing(settings, judge_by):
    judge_by("length(no_such_column)", bound=9)
    _, batches = split_all(settings)
    with pytest.raises(SuiteError, match="no_such_column"):
        steps.judge(batches[0])
    assert not list(settings.home.rglob("*.judged.json"))


def test_a_batch_without_a_story_is_judged_and_the_gate_opens(settings):
    for page in settings.inbox.iterdir():
        page.unlink()
    (settings.inbox / "bare.txt").write_text("Menu\n\nSearch\n", encoding="utf-8")
    taken, batches = split_all(settings)
    judged = [steps.judge(batch) for batch in batches]
    assert read_receipt(judged[0], JudgeReceipt).tally.stories == 0
    assert read_receipt(steps.gate(settings, taken, judged), GateReceipt).run_id == "odd"
