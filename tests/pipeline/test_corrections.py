"""Corrections from a terminal: overrides and their withdrawal."""

import shutil
from datetime import timedelta

import pytest

from include.config.settings import ROOT, Settings
from include.errors import NotFound, UsageWrong
from include.lake.decisions.decisions import read_overrides
from include.pipeline import corrections, steps
from include.pipeline.review import edit_again
from include.review.corrections import Word
from include.schema.lake import OVERRIDES, PAGES, STORIES
from include.warehouse.why import read_why
from tests.pipeline.pages import DAWN, GOOD, LATER, SAID, WORD, correct_and_split, ingest, rows


def bodies(settings: Settings) -> list[str]:
    return [row["body"] for row in rows(settings, STORIES) if row["source_name"] == "a.txt"]


def test_a_correction_applies_at_once_and_is_written_once(settings: Settings) -> None:
    correct_and_split(settings)
    assert len(bodies(settings)) == 2
    assert corrections.correct(settings, SAID, "a.txt", WORD).num_rows == 0
    assert len(rows(settings, OVERRIDES)) == 1


def test_the_latest_of_contradicting_corrections_wins_even_if_it_was_made_before(
    settings: Settings,
) -> None:
    for minute, role in enumerate(("caption", "promo", "caption", "caption")):
        word = Word("an editor", LATER + timedelta(minutes=minute))
        added = corrections.correct(settings, [f"line 1 is {role}"], "a.txt", word)
        assert added.num_rows == (minute < 3)
    assert read_overrides(settings.lake)["role"].to_pylist() == ["promo", "caption"]


def test_a_correction_withdrawn_leaves_the_split_as_it_was(
    settings: Settings,
) -> None:
    before = bodies(settings)
    override_id = correct_and_split(settings)
    later = Word("an editor", LATER + timedelta(hours=1))
    gone = corrections.withdraw(settings, override_id, later)
    corrections.edit_corrected(settings, gone, "withdrawn", LATER + timedelta(hours=1))
    assert bodies(settings) == before
    assert read_overrides(settings.lake).num_rows == 0
    with pytest.raises(NotFound):
        corrections.withdraw(settings, override_id, later)


def test_why_says_whether_an_outlets_correction_matched_a_line_of_the_page(
    settings: Settings,
) -> None:
    (settings.inbox / "c.txt").write_text(GOOD.replace("Tarn", "Fell"), encoding="utf-8")
    (settings.inbox / "c.txt.meta.json").write_text('{"outlet": "The Fell Post"}')
    ingest(settings, "outlet", DAWN)
    begins = ("^The boat leaves", "^Never written")
    words = [f'lines of The Fell Post like "{pattern}" are promo' for pattern in begins]
    added = corrections.correct(settings, words, None, WORD)
    assert corrections.edit_corrected(settings, added, "noted", LATER) is None

    assert tell_overrides(settings) == [(pattern, False) for pattern in begins]
    assert corrections.correct(settings, ["line 7 is promo"], "c.txt", WORD).num_rows
    split_again(settings)
    assert tell_overrides(settings) == [("^The boat leaves", True), (None, True)]


def test_why_lists_a_correction_that_removed_a_pages_only_story(
    settings: Settings,
) -> None:
    shutil.copy(ROOT / "include" / "sample_inbox" / "05_aggregator.txt", settings.inbox / "c.txt")
    ingest(settings, "aggregator", DAWN)
    words = ['lines of Quillhaven Post like "^A " are promo']
    corrections.edit_corrected(
        settings, corrections.correct(settings, words, None, WORD), "noted", LATER
    )
    split_again(settings)
    assert "Quillhaven Post" not in {row["outlet"] for row in rows(settings, STORIES)}
    assert tell_overrides(settings) == [("^A ", True)]


def split_again(settings: Settings) -> None:
    pages = frozenset(row["page_id"] for row in rows(settings, PAGES) if row["name"] == "c.txt")
    later = LATER + timedelta(hours=1)
    gated = edit_again(settings, "again", later, pages)
    assert gated is not None
    steps.land(settings, gated, later)
    steps.publish(settings)


def tell_overrides(settings: Settings) -> list[tuple[str | None, bool]]:
    told = read_why(settings.warehouse, "c.txt", 9, 9).overrides
    said = [(row["pattern"], row["is_followed"]) for row in told]
    return sorted(said, key=lambda one: (one[0] is None, one[0] != "^The boat leaves"))


@pytest.mark.parametrize(
    ("page", "words", "error"),
    [
        ("nowhere.txt", "line 7 starts", NotFound),
        ("a.txt", "line 2 starts", UsageWrong),
        ("a.txt", 'lines of The Herald like "((" are promo', UsageWrong),
    ],
)
def test_a_correction_that_makes_no_sense_writes_nothing(
    settings: Settings,
    page: str,
    words: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        corrections.correct(settings, [words], page, WORD)
    assert read_overrides(settings.lake).num_rows == 0
