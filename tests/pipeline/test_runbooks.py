"""Each runbook of docs/operations.md is followed: the alert is raised, its steps end it."""

from __future__ import annotations

import re
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.alerts.alert import CHECKED, Kind
from include.alerts.journal import QUIET, Journal
from include.alerts.rules import NEW_STORIES, find_alerts
from include.config.settings import ROOT, Settings
from include.errors import GateClosed
from include.model import Opening
from include.pipeline import review as reviewing
from include.pipeline import steps
from include.pipeline.health import read_health
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.review.cases import Answer
from include.terminal.parser import build_parser
from include.warehouse.read import run_query
from tests.pipeline.pages import GOOD

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RUNBOOKS = {kind: PAGE.partition(f"### Alert {kind}\n")[2].partition("\n#")[0] for kind in Kind}
Usage = namedtuple("Usage", "total used free")


def check(settings: Settings, now: datetime) -> list[Kind]:
    """Do what `watch_desk` does; give the kinds of what is open afterwards."""
    journal = Journal(settings.home / "alerts")
    found = list(find_alerts(read_health(settings, now), settings.deadline_s))
    journal.settle(found, now, lambda _: True)
    return [Kind(entry.kind) for entry in journal.read() if entry.kind in CHECKED]


@pytest.fixture
def published(settings: Settings, tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    shutil.copytree(settings.inbox, inbox)
    own = replace(settings, inbox=inbox)
    steps.publish(own)
    return own


@pytest.mark.parametrize("kind", Kind)
def test_every_query_and_command_of_a_runbook_works(published, kind) -> None:
    text = RUNBOOKS[kind]
    assert text.count("\n1. ") == 1
    for query in re.findall(r"`(select [^`]+)`", text):
        run_query(published.warehouse, query)
    for words in re.findall(r"`python -m include ([^`]+)`", text):
        given = words.replace("FILE", "a.txt").replace("RULE", "run.x").split()
        if given[0] == "correct":
            given = ["correct", "--list"]
        build_parser(lambda *_: 0).parse_args(given)


def test_a_stale_warehouse_is_published_and_the_alert_ends(published) -> None:
    now = datetime.now(UTC)
    assert check(published, now) == []
    published.warehouse.unlink()
    assert check(published, now) == [Kind.WAREHOUSE_STALE]
    steps.publish(published)  # step 3
    assert check(published, now + QUIET) == []


def test_room_is_made_on_a_full_disk_and_the_alert_ends(published, monkeypatch) -> None:
    now = datetime.now(UTC)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: Usage(100 * 10**9, 99 * 10**9, 10**9 - 1))
        assert check(published, now) == [Kind.DISK_LOW]
    assert check(published, now + QUIET) == []  # step 2 or 3


def test_a_closed_gate_is_opened_and_a_grown_quarantine_decided(published) -> None:
    for number in range(NEW_STORIES + 2):
        dated = f"12 March 2095\n{GOOD}\nIt was told {number} times.\n".replace(
            "boat", f"b{number}"
        )
        (published.inbox / f"dated {number}.txt").write_text(dated, encoding="utf-8")
    at = datetime.now(UTC)
    receipt = steps.intake(published, "flood", at)
    batches = read_receipt(receipt, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    with pytest.raises(GateClosed) as closed:
        steps.gate(published, receipt, judged)
    rule = closed.value.thing.removeprefix("gate: ")
    opening = Opening((rule,), "an editor", at)  # step 3 of gate-closed
    try:
        gated = steps.gate(published, receipt, judged, opening)
    except GateClosed as second:  # it broke two rules
        rules = (rule, second.thing.removeprefix("gate: "))
        gated = steps.gate(published, receipt, judged, replace(opening, rules=rules))
    steps.land(published, gated, at)
    steps.publish(published)
    now = datetime.now(UTC)
    assert check(published, now) == [Kind.QUARANTINE_GROWING]
    for number, case in enumerate(reviewing.gather_cases(published, "manual__review")):
        answer = Answer(decision="reject", by="an editor", at=now, note=str(number))
        reviewing.decide(published, case, answer)  # step 3 of quarantine-growing
    steps.publish(published)
    assert read_health(published, now).waiting < NEW_STORIES
    assert check(published, now + QUIET + timedelta(seconds=1)) == []
