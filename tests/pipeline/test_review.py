"""Reviews: an answer is written once, takes effect, and has none if the story has changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.delta.tables import has_table
from include.pipeline import review, steps
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review import cases
from include.review.cases import Answer
from include.schema.lake import OVERRIDES, QUARANTINE, REVIEWS, STORIES
from include.warehouse.read import run_query
from tests.pipeline.pages import GOOD, LATER, ingest, rows, set_aside

SOON = LATER + timedelta(hours=1)


def answer(decision: str, **changes: str) -> Answer:
    return Answer(decision=decision, by="an editor", at=SOON, **changes)


def ask(settings: Settings, run_id: str = "review") -> Path:
    """Gather the waiting stories; give the one case."""
    (case,) = review.gather_cases(settings, run_id)
    return case


def follow(settings: Settings, receipt: Path, run_id: str = "edited") -> None:
    """Carry out a decision: split its pages again, and land them."""
    pages = frozenset(read_receipt(receipt, DecideReceipt).recalled)
    steps.land(settings, review.edit_again(settings, run_id, SOON, pages), SOON)


def rows_if_any(settings: Settings, table: Any) -> list[dict[str, Any]]:
    return rows(settings, table) if has_table(settings.lake, table) else []


def test_a_case_holds_the_cause_and_the_lines_of_its_stories(settings: Settings) -> None:
    set_aside(settings)
    case = read_receipt(ask(settings), CaseReceipt)
    (story,) = case.stories
    assert case.cause == ("published.not_ahead",)
    assert case.notes["published.not_ahead"]
    (evidence,) = story.evidence
    assert "the date **12 March 2031** (as the page says) lies" in evidence
    assert "no URL known" in story.facts
    assert [line.text for line in story.lines][:2] == [
        "12 March 2031", "Harbour Votes for a Night Boat After All",
    ]  # fmt: skip


def test_no_waiting_story_gives_no_case(settings: Settings) -> None:
    assert review.gather_cases(settings, "review") == []


def test_stories_asked_about_in_this_run_do_not_count_as_waiting_for_the_next(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cases, "STORIES_A_CASE", 1)
    set_aside(settings)
    again = f"12 March 2032\n{GOOD}\nOnce more.\n"
    (settings.inbox / "again.txt").write_text(again, encoding="utf-8")
    ingest(settings, "second", LATER)

    def others(asked_at_once: int) -> list[int]:
        few = replace(settings, review_cases=asked_at_once)
        asked = review.gather_cases(few, f"review {asked_at_once}")
        return [read_receipt(path, CaseReceipt).others for path in asked]

    assert others(2) == [0, 0]
    assert others(1) == [1]


def test_a_released_story_lands_and_reviews_record_who_released_it(settings: Settings) -> None:
    story = set_aside(settings)
    follow(settings, review.decide(settings, ask(settings), answer("release", note="it is so")))
    assert rows(settings, QUARANTINE) == []
    assert story["story_id"] in {row["story_id"] for row in rows(settings, STORIES)}
    (said,) = rows(settings, REVIEWS)
    assert (said["decision"], said["outcome"], said["decided_by"], said["note"]) == (
        "release", "applied", "an editor", "it is so",
    )  # fmt: skip
    assert review.gather_cases(settings, "next") == []


def test_a_rejected_story_stays_in_quarantine_and_is_not_asked_about_again(
    settings: Settings,
) -> None:
    set_aside(settings)
    receipt = review.decide(settings, ask(settings), answer("reject"))
    assert read_receipt(receipt, DecideReceipt).recalled == ()
    assert review.gather_cases(settings, "next") == []
    steps.publish(settings)
    resolved = run_query(
        settings.warehouse, "select resolution, resolved_by from quality.quarantine"
    )
    assert resolved.to_pylist() == [{"resolution": "rejected", "resolved_by": "an editor"}]


def test_a_story_that_was_left_is_asked_about_again(settings: Settings) -> None:
    set_aside(settings)
    review.decide(settings, ask(settings), answer("leave"))
    assert rows_if_any(settings, REVIEWS) == []
    assert ask(settings, "next")


def test_an_answer_that_arrives_twice_is_written_once(settings: Settings) -> None:
    set_aside(settings)
    case = ask(settings)
    first = read_receipt(review.decide(settings, case, answer("release")), DecideReceipt)
    review.decide(settings, case, answer("reject"))
    assert [row["decision"] for row in rows(settings, REVIEWS)] == ["release"]
    assert first.recalled


def test_an_answer_after_the_page_was_revised_does_nothing(
    settings: Settings,
) -> None:
    set_aside(settings)
    case = ask(settings)
    (settings.inbox / "c.txt").write_text(GOOD.replace("boat", "kite"), encoding="utf-8")
    ingest(settings, "revision", LATER)
    receipt = read_receipt(review.decide(settings, case, answer("release")), DecideReceipt)
    assert (receipt.recalled, receipt.stale) == ((), 1)
    assert [row["outcome"] for row in rows(settings, REVIEWS)] == ["stale"]


def test_a_page_sent_back_is_split_as_corrected(settings: Settings) -> None:
    set_aside(settings)
    said = answer("send_back", corrections="line 1 is other\nstory 1: line 8 starts as body")
    follow(settings, review.decide(settings, ask(settings), said))
    assert rows(settings, QUARANTINE) == []
    stories = [row for row in rows(settings, STORIES) if row["source_name"] == "c.txt"]
    assert len(stories) == 2
    assert all("set by review" in row["reasons"] for row in stories)
    assert len(rows(settings, OVERRIDES)) == 2


@pytest.mark.parametrize(
    "changes", [{"corrections": "line 99 starts"}, {"only": "7"}], ids=["line", "story"]
)
def test_an_answer_that_cannot_be_parsed_writes_nothing(
    settings: Settings,
    changes: dict[str, str],
) -> None:
    set_aside(settings)
    case = ask(settings)
    with pytest.raises(UsageWrong):
        review.decide(settings, case, answer("release", **changes))
    assert rows_if_any(settings, REVIEWS) == rows_if_any(settings, OVERRIDES) == []


def test_an_invalid_pattern_is_refused(settings: Settings) -> None:
    set_aside(settings)
    said = answer("leave", corrections='lines of The Herald like "((" are promo')
    with pytest.raises(UsageWrong, match="regular expression"):
        review.decide(settings, ask(settings), said)


def test_an_answer_whose_run_was_killed_takes_effect_when_it_arrives_again(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story, case = set_aside(settings), ask(settings)
    with monkeypatch.context() as patched:
        patched.setattr(review, "write_receipt", kill)
        with pytest.raises(KeyboardInterrupt):
            review.decide(settings, case, answer("release"))
    assert len(rows(settings, REVIEWS)) == 1

    follow(settings, review.decide(settings, case, answer("release")))

    assert len(rows(settings, REVIEWS)) == 1
    assert story["story_id"] in {row["story_id"] for row in rows(settings, STORIES)}


def kill(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_released_story_that_did_not_land_is_asked_about_again(settings: Settings) -> None:
    set_aside(settings)
    review.decide(settings, ask(settings), answer("release"))
    follow(settings, review.decide(settings, ask(settings, "next"), answer("release")))
    assert rows(settings, QUARANTINE) == []
    assert review.gather_cases(settings, "then") == []


def test_an_answer_with_corrections_to_a_page_revised_meanwhile_splits_nothing(
    settings: Settings,
) -> None:
    set_aside(settings)
    case = ask(settings)
    (settings.inbox / "c.txt").write_text(GOOD.replace("boat", "kite"), encoding="utf-8")
    ingest(settings, "revised", LATER)
    said = answer("send_back", corrections="line 1 is other")
    decision = read_receipt(review.decide(settings, case, said), DecideReceipt)
    assert decision.stale == 1
    assert review.edit_again(settings, "edited", SOON, frozenset(decision.recalled)) is None
