"""Re-splits: what would change is compared before anything lands, and lands only if approved."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.errors import ReceiptMissing, UsageWrong
from include.lake.delta.tables import has_table
from include.lake.delta.versions import read_version
from include.lake.landing.land import land_run
from include.lake.reading.recall import Choice, choose_pages
from include.model import RESPLIT, Run
from include.pipeline import resplit, steps
from include.pipeline.comparisons import find_comparison, list_unsettled
from include.pipeline.corrections import correct
from include.pipeline.receipt_types import CompareReceipt, GateReceipt
from include.pipeline.receipts import read_receipt
from include.pipeline.resplit import APPROVED, DRY_RUN, REFUSED, choose, read_days
from include.review.comparison import Change, Comparison, Counts, OutletCounts
from include.review.corrections import Word
from include.review.resplit_summary import name_subject, write_body
from include.schema.lake import OVERRIDES, PAGES, RESPLIT_CHANGES, STORIES, STORY_REVISIONS
from include.warehouse.read import run_query
from tests.killing import Killed, kill_at
from tests.pipeline.pages import DAWN, GOOD, LATER, REVISED, ingest, judge, rows

SOON = LATER + timedelta(hours=1)
UNSEEN = frozenset({"resplit_changes"})  # tables that may change without a story changing


def cut_in_two(settings: Settings, name: str = "a.txt") -> None:
    """Correct a page of one story so that its next split gives two, as a newer splitter might."""
    correct(settings, ["line 7 starts"], name, Word("an editor", DAWN))


def compare(settings: Settings, run_id: str = "again") -> Path:
    receipt = steps.recall(settings, run_id, LATER, Choice(), RESPLIT)
    return resplit.compare(settings, judge(settings, receipt))


def read(compared: Path) -> CompareReceipt:
    return read_receipt(compared, CompareReceipt)


def land(settings: Settings, compared: Path) -> None:
    steps.land(settings, read(compared).gate, SOON)


def versions(settings: Settings) -> dict[str, int]:
    tables = read_version(settings.lake).tables
    return {name: table.version for name, table in tables.items() if name not in UNSEEN}


def decisions(settings: Settings) -> list[str]:
    return [row["decision"] for row in rows(settings, RESPLIT_CHANGES)]


def test_an_equal_split_gives_no_change(settings: Settings) -> None:
    compared = compare(settings)
    assert read(compared).totals == Counts(before=2, same=2, after=2)
    assert read(compared).examples == ()
    resplit.settle(settings, compared, DRY_RUN, None, SOON)
    assert rows(settings, RESPLIT_CHANGES) == []


def test_the_counts_of_a_comparison_add_up(settings: Settings) -> None:
    cut_in_two(settings)
    counts = read(compare(settings)).totals
    assert (counts.before, counts.after) == (2, 3)
    assert (counts.same, counts.changed, counts.added) == (1, 1, 1)
    assert counts.before + counts.added - counts.gone == counts.after
    assert (counts.body, counts.boundaries) == (1, 1)


def test_comparing_changes_nothing(settings: Settings) -> None:
    cut_in_two(settings)
    before = read_version(settings.lake).key()
    compare(settings)
    assert read_version(settings.lake).key() == before


@pytest.mark.parametrize("decision", [DRY_RUN, REFUSED])
def test_a_re_split_that_is_not_approved_only_records_the_decision(
    settings: Settings,
    decision: str,
) -> None:
    cut_in_two(settings)
    before, pages = versions(settings), rows(settings, PAGES)
    compared = compare(settings)
    assert not resplit.settle(settings, compared, decision, "an editor", SOON)
    assert versions(settings) == before
    assert rows(settings, PAGES) == pages
    assert decisions(settings) == [decision] * 2
    assert not list(compared.parent.glob("*.arrow")), "nothing can land it any more"


def test_an_approved_run_lands_all_its_pages_as_one_version(
    settings: Settings,
) -> None:
    for name in ("a.txt", "b.txt"):
        cut_in_two(settings, name)
    before = versions(settings)
    compared = compare(settings)
    assert resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    land(settings, compared)
    assert versions(settings)["pages"] == before["pages"] + 1
    assert {row["run_id"] for row in rows(settings, STORIES)} == {"again"}
    assert len(rows(settings, STORIES)) == 4
    assert len(rows(settings, STORY_REVISIONS)) == 2
    steps.publish(settings)
    query = "select decision, decided_by, added, changed, pages from quality.resplits"
    (row,) = run_query(settings.warehouse, query).to_pylist()
    assert row == {
        "decision": "approved", "decided_by": "an editor", "added": 2, "changed": 2, "pages": 2,
    }  # fmt: skip


def test_a_row_holds_the_story_before_and_after(settings: Settings) -> None:
    cut_in_two(settings)
    compared = compare(settings)
    resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    changed, added = sorted(
        rows(settings, RESPLIT_CHANGES), key=lambda row: row["change"] == "added"
    )
    assert (changed["change"], changed["source_name"]) == ("changed", "a.txt")
    assert changed["headline_before"] == changed["headline_after"]
    assert changed["body_chars_before"] > changed["body_chars_after"]
    assert any(line.startswith("-The boat leaves") for line in changed["diff"].split("\n"))
    assert (added["story_id_before"], added["verdict_before"]) == (None, None)
    assert changed["ingest_day"] == LATER.date()


def test_an_answer_that_arrives_twice_is_recorded_once(settings: Settings) -> None:
    cut_in_two(settings)
    compared = compare(settings)
    for _ in "12":
        assert resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    assert decisions(settings) == [APPROVED] * 2


def test_a_refused_re_split_can_be_approved_in_another_run(settings: Settings) -> None:
    cut_in_two(settings)
    resplit.settle(settings, compare(settings), REFUSED, None, SOON)
    with pytest.raises(ReceiptMissing):
        steps.land(settings, compare_receipt(settings), SOON)
    compared = compare(settings)
    resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    land(settings, compared)
    assert sorted(decisions(settings)) == sorted([APPROVED, REFUSED] * 2)
    assert len(rows(settings, STORIES)) == 3


def compare_receipt(settings: Settings) -> Path:
    (gate,) = settings.receipts.glob("again-*/gate.json")
    return gate


@pytest.mark.parametrize("point", ["stories", "pages", "superseded stories"])
def test_a_run_killed_and_repeated_lands_once(
    settings: Settings,
    point: str,
) -> None:
    cut_in_two(settings)
    compared = compare(settings)
    resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    receipt = read_receipt(read(compared).gate, GateReceipt)
    with pytest.raises(Killed):
        land_run(settings.lake, receipt.gated, Run("again", LATER), SOON, kill_at(point))
    resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    land(settings, compared)
    assert len(rows(settings, STORIES)) == 3
    assert len(rows(settings, STORY_REVISIONS)) == 1
    assert decisions(settings) == [APPROVED] * 2


def test_a_page_revised_between_compare_and_land_is_left_alone(
    settings: Settings,
) -> None:
    cut_in_two(settings)
    compared = compare(settings)
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER + timedelta(minutes=5))
    resplit.settle(settings, compared, APPROVED, "an editor", SOON)
    land(settings, compared)
    of_page = [row for row in rows(settings, STORIES) if row["source_name"] == "a.txt"]
    assert {row["run_id"] for row in of_page} == {"revision"}


def test_a_page_revised_before_comparing_is_not_compared(settings: Settings) -> None:
    cut_in_two(settings)
    gate = judge(settings, steps.recall(settings, "again", LATER, Choice(), RESPLIT))
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER + timedelta(minutes=5))
    totals = read(resplit.compare(settings, gate)).totals
    assert totals == Counts(before=1, same=1, after=1)


def test_pages_are_compared_after_a_deletion_rewrote_their_files(settings: Settings) -> None:
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER - timedelta(hours=1))
    assert read(compare(settings)).totals == Counts(before=2, same=2, after=2)
    pages = choose_pages(settings.lake, Choice(outlets=frozenset({"Nobody's"})))
    assert pages.is_empty()


def test_batches_are_compared_one_by_one_with_the_same_sums(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_in_two(settings)
    whole = read(compare(settings))
    monkeypatch.setattr("include.pipeline.recall.FRAME_BYTES", 1)
    monkeypatch.setattr("include.lake.reading.recall.ROWS_AT_ONCE", 1)
    monkeypatch.setattr("include.lake.revisions.resplits.SHARES", 1)
    from dataclasses import replace

    small = read(compare(replace(settings, batch_bytes=1), "small"))
    assert len(read_receipt(small.gate, GateReceipt).rows["pages"]) == 2
    for name in ("totals", "outlets", "examples", "pages"):
        assert getattr(small, name) == getattr(whole, name)
    assert not list(small.changes.parent.glob("standing-*"))


def test_an_outlet_is_chosen_whatever_its_case(settings: Settings) -> None:
    signed = f"The Tarn Herald\n\n{GOOD}".replace("boat", "raft")
    (settings.inbox / "c.txt").write_text(signed, encoding="utf-8")
    (settings.inbox / "c.txt.meta.json").write_text('{"outlet": "The Tarn Herald"}')
    ingest(settings, "third", LATER - timedelta(hours=1))
    (page,) = [row for row in rows(settings, PAGES) if row["name"] == "c.txt"]
    assert page["outlet"] == "The Tarn Herald"
    pages = choose_pages(settings.lake, Choice(outlets=frozenset({"the TARN herald"})))
    assert pages["page_id"].to_list() == [page["page_id"]]
    assert choose_pages(settings.lake, Choice(outlets=frozenset({"Another"}))).is_empty()


def test_only_pages_of_an_older_splitter_are_chosen(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = (DAWN.date(),)
    assert choose_pages(settings.lake, choose(days, [], only_older=True)).is_empty()
    assert choose_pages(settings.lake, choose(days, [], only_older=False)).height == 2
    assert choose_pages(settings.lake, choose([date(2026, 3, 2)], [], only_older=False)).is_empty()
    monkeypatch.setattr("include.splitter.split.SPLITTER_VERSION", "another")
    assert choose_pages(settings.lake, choose(None, [" "], only_older=True)).height == 2


def test_days_are_read_as_people_write_them() -> None:
    first, last = date(2026, 1, 30), date(2026, 2, 2)
    range_of = tuple(first + timedelta(n) for n in range(4))
    assert read_days("2026-01-30..2026-02-02") == range_of
    assert read_days(["2026-02-02", "2026-01-30 .. 2026-01-31"]) == (*range_of[:2], last)
    assert read_days("2026-02-02, 2026-01-30") == (first, last)
    assert read_days("all") is None


@pytest.mark.parametrize("word", ["", "yesterday", "0001-01-01..9999-12-31", "2026-02-30"])
def test_days_that_cannot_be_read_are_refused(word: str) -> None:
    with pytest.raises(UsageWrong, match="all"):
        read_days(word)


@pytest.fixture
def hostile() -> Comparison:
    """Give the comparison of a story whose words would do harm unless they are escaped."""
    words = '<script>alert(1)</script> ``` ~~~ {{ 7 * 7 }} </pre>\n\n```\n"onload="x" \u202edne'
    return compare_harmful(words)


def compare_harmful(words: str) -> Comparison:
    change = Change(
        page_id="p", source_name=words, outlet=words, change="added", what=(),
        story_id_before=None, story_id_after="s", headline_before=None, headline_after=words,
        verdict_before=None, verdict_after="landed", body_chars_before=None, body_chars_after=12,
        changed_chars=12, diff=f"@@ -0,0 +1 @@\n+{words}", splitter_version_before=None,
        splitter_version_after="2",
    )  # fmt: skip
    return Comparison(
        run_id=f"manual__{words}", started_at=LATER, pages=1, totals=Counts(added=1, after=1),
        outlets=(OutletCounts(outlet=words, added=1, after=1),), examples=(change,),
        splitters_before=(), splitter_version="2",
    )  # fmt: skip


def test_the_question_keeps_hostile_text_inside_its_fences(hostile: Comparison) -> None:
    body = write_body(hostile, "/plugin/copydesk/copydesk/lake/resplit?run=x")
    outside, fence = [], ""
    for line in body.split("\n"):
        if not fence and line.startswith("```"):
            fence = line.removesuffix("text")
        elif fence and line == fence:
            fence = ""
        elif not fence:
            outside.append(line)
    assert not fence
    assert "script" not in "\n".join(outside)
    assert "{{" not in "\n".join(outside)
    assert name_subject(hostile) == "Split 1 page again? 0 changed, 1 added, 0 gone of 0 stories"


def test_a_comparison_waits_until_it_is_settled(settings: Settings) -> None:
    cut_in_two(settings)
    compared = compare(settings)
    assert list_unsettled(settings.receipts) == [read(compared)]
    assert find_comparison(settings.receipts, "again") == read(compared)
    resplit.settle(settings, compared, REFUSED, None, SOON)
    assert list_unsettled(settings.receipts) == []
    assert find_comparison(settings.receipts, "again") == read(compared)
    assert find_comparison(settings.receipts, "another") is None


def test_a_comparison_without_changes_waits_for_nobody(settings: Settings) -> None:
    compare(settings)
    assert list_unsettled(settings.receipts) == []


def test_the_first_decision_creates_its_table_in_an_old_lake(settings: Settings) -> None:
    assert has_table(settings.lake, OVERRIDES)
    compared = compare(settings)
    resplit.settle(settings, compared, REFUSED, None, SOON)
    assert has_table(settings.lake, RESPLIT_CHANGES)
