"""Reviews: an answer is written once, takes effect, and has none if the story has changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.decisions.decisions import read_overrides
from include.lake.delta.tables import has_table, open_table
from include.pipeline import corrections, review, steps
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review import cases
from include.review.cases import Answer
from include.review.corrections import Word
from include.schema.lake import OVERRIDES, QUARANTINE, REVIEWS, STORIES
from include.splitter.overrides import open_overrides
from include.warehouse.read import run_query
from tests.pipeline.pages import GOOD, LATER, ingest, rows, set_aside

SOON = LATER + timedelta(hours=1)


def answer(decision: str, **changes: Any) -> Answer:
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


def test_a_wrong_date_is_corrected_as_data_and_the_story_lands(
    settings: Settings,
) -> None:
    set_aside(settings)
    facts = {"date": "2026-02-27", "outlet": "The Tarn Herald", "byline": "Ida Marsh"}
    receipt = review.decide(settings, ask(settings), answer("send_back", facts=facts))
    follow(settings, receipt)
    assert rows(settings, QUARANTINE) == []
    (story,) = [row for row in rows(settings, STORIES) if row["published_source"] == "review"]
    assert (story["published_at"].date().isoformat(), story["published_precision"]) == (
        "2026-02-27", "day",
    )  # fmt: skip
    assert (story["outlet"], story["byline"]) == ("The Tarn Herald", "Ida Marsh")
    assert "published.not_ahead" not in story["quality_flags"]
    held = rows(settings, OVERRIDES)
    assert {row["action"]: row["value"] for row in held} == facts

    follow_again = review.edit_again(settings, "later", SOON, frozenset({story["page_id"]}))
    steps.land(settings, follow_again, SOON)
    again = [row for row in rows(settings, STORIES) if row["page_id"] == story["page_id"]]
    assert [row["published_source"] for row in again] == ["review"], "later splits follow it"


def test_a_headline_is_set_where_the_page_has_none(settings: Settings) -> None:
    set_aside(settings)
    facts = {"headline": "A Boat at Night", "date": "2026-02-27"}
    said = answer("send_back", facts=facts, corrections="line 2 is other")
    follow(settings, review.decide(settings, ask(settings), said))
    assert "A Boat at Night" in {row["headline"] for row in rows(settings, STORIES)}


def test_a_fact_is_withdrawn_like_any_correction(settings: Settings) -> None:
    set_aside(settings)
    receipt = review.decide(settings, ask(settings), answer("send_back", facts={"outlet": "X"}))
    follow(settings, receipt)
    steps.publish(settings)
    (held,) = run_query(
        settings.warehouse, "select override_id, action, value from quality.overrides"
    ).to_pylist()
    assert (held["action"], held["value"]) == ("outlet", "X")
    corrections.withdraw(
        settings, held["override_id"], Word("an editor", SOON + timedelta(hours=1))
    )
    assert open_overrides(read_overrides(settings.lake)).rows.is_empty()


def test_a_lake_that_is_older_than_a_column_of_decisions_is_read(
    settings: Settings,
) -> None:
    set_aside(settings)
    correct = "line 1 is other"
    review.decide(settings, ask(settings), answer("leave", corrections=correct))
    drop_column(settings, "value")
    (held,) = read_overrides(settings.lake).to_pylist()
    assert (held["action"], held["value"]) == ("role", None)
    review.decide(settings, ask(settings, "next"), answer("leave", facts={"outlet": "X"}))
    assert {row["value"] for row in read_overrides(settings.lake).to_pylist()} == {None, "X"}


def drop_column(settings: Settings, name: str) -> None:
    """Write the lake's overrides as a Copydesk did that knew no such column."""
    from deltalake import write_deltalake

    place = settings.lake / OVERRIDES.name
    old = open_table(settings.lake, OVERRIDES).to_pyarrow_table().drop_columns(name)
    write_deltalake(place, old, mode="overwrite", schema_mode="overwrite")
