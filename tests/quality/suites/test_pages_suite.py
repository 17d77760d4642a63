"""Pages: every rule has its page, none is set aside, and pages that break a rule are named."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from include.errors import SuiteError
from include.quality.judge_pages import LEDGER, judge_pages
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN

SUITE = load_suite("pages")


def page(number=0, **changes):
    """Give a ledger row of a page that breaks no rule."""
    known = {
        "delivery_id": f"{number:024x}", "page_id": f"{number:064x}", "name": f"pier/{number}.txt",
        "inbox": "/inbox", "size_bytes": 4100, "modified_at": datetime(2026, 11, 1, tzinfo=UTC),
        "outcome": "landed", "reason": None, "encoding": "utf-8", "replaced_chars": 0,
        "flags": [], "page_chars": 4000, "story_chars": 2500, "chrome_chars": 900,
        "stories_landed": 2, "stories_quarantined": 0, "revises_page_id": None,
        "splitter_version": "1",
    }  # fmt: skip
    return dict.fromkeys(LEDGER.names) | known | changes


def judge(*pages):
    return judge_pages(pa.Table.from_pylist(list(pages), schema=LEDGER), SUITE, "b", RUN)


EMPTY = {"outcome": "no_story", "stories_landed": 0, "story_chars": 0}
DEFECTS = {
    "page.silent": page(1, **EMPTY, chrome_chars=3400),
    "page.mostly_chrome": page(1, story_chars=80, chrome_chars=3320),
    "page.many_stories": page(1, stories_landed=101),
    "page.replaced": page(1, replaced_chars=7),
    "page.mojibake": page(1, flags=["mojibake"]),
    "page.modified": page(1, modified_at=datetime(2026, 11, 4, tzinfo=UTC)),
    "page.all_set_aside": page(1, stories_landed=0, stories_quarantined=2),
}


def test_a_sound_page_breaks_no_rule():
    assert judge(page(), page(1, **EMPTY, chrome_chars=90)).flags.num_rows == 0


def test_every_rule_has_a_page():
    assert set(DEFECTS) == {rule.id for rule in SUITE.rules}


@pytest.mark.parametrize("rule_id", DEFECTS)
def test_a_rule_alone_catches_its_page_and_names_it(rule_id):
    found = judge(page(0), DEFECTS[rule_id], page(2))
    (flag,) = found.flags.to_pylist()
    assert (flag["rule_id"], flag["page_id"], flag["name"]) == (rule_id, f"{1:064x}", "pier/1.txt")
    assert flag["observed"] != "null"
    failed = {row["rule_id"]: row["failed"] for row in found.results.to_pylist()}
    assert failed == {rule.id: int(rule.id == rule_id) for rule in SUITE.rules}


def test_a_file_that_was_rejected_has_no_stories_to_ask_for():
    rejected = {"outcome": "rejected", "page_chars": 0, "story_chars": 0, "chrome_chars": 0}
    assert judge(page(1, **rejected, stories_landed=0)).flags.num_rows == 0


def test_an_empty_batch_has_a_row_a_rule():
    found = judge()
    assert found.flags.num_rows == 0
    assert set(found.results["evaluated"].to_pylist()) == {0}


def test_a_critical_rule_on_pages_is_refused():
    rule = replace(SUITE.rules[0], severity="critical")
    with pytest.raises(SuiteError, match="never set aside"):
        judge_pages(LEDGER.empty_table(), replace(SUITE, rules=(rule,)), "b", RUN)
