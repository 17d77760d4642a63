"""Regression cases: a corrected page becomes a case, which a later splitter is checked against."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.errors import NotFound
from include.lake.delta.tables import open_table
from include.pipeline import corrections, regression_cases
from include.schema.lake import PAGES
from include.splitter.chrome_book.book import EMPTY_BOOK
from tests.pipeline.pages import (
    GOOD,
    LATER,
    OTHER,
    REVISED,
    SAID,
    WORD,
    correct_and_split,
    ingest,
    rows,
)

PROMO = 'lines of {} like "^The boat leaves" are promo'
TIDE = "The Tide Post"


def test_a_corrected_page_becomes_a_case_that_checks_itself(
    settings: Settings,
    tmp_path: Path,
) -> None:
    correct_and_split(settings)
    (folder,) = regression_cases.export_cases(settings, tmp_path / "cases").written
    assert (folder / "page.txt").read_text(encoding="utf-8") == GOOD
    assert (folder / "corrections.txt").read_text(encoding="utf-8") == "line 7 starts as body\n"
    assert (folder / "why.md").read_text(encoding="utf-8") == "two stories in one\n"
    (case,) = regression_cases.check_cases(settings, tmp_path / "cases")
    assert (case.right_alone, case.right_corrected) == (False, True)


def test_a_case_says_whether_the_splitter_is_right_and_whether_the_correction_still_works(
    settings: Settings,
    tmp_path: Path,
) -> None:
    correct_and_split(settings)
    (folder,) = regression_cases.export_cases(settings, tmp_path).written
    alone = regression_cases._split(GOOD, None, EMPTY_BOOK, regression_cases.NO_OVERRIDES)
    (folder / "stories.json").write_text(json.dumps(alone), encoding="utf-8")
    (case,) = regression_cases.check_cases(settings, tmp_path)
    assert (case.right_alone, case.right_corrected) == (True, False)
    with pytest.raises(NotFound, match="export"):
        list(regression_cases.check_cases(settings, tmp_path / "none"))


def test_a_page_that_was_revised_is_a_case_as_it_was_corrected(
    settings: Settings,
    tmp_path: Path,
) -> None:
    correct_and_split(settings)
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER + timedelta(hours=1))
    corrections.correct(settings, SAID, "b.txt", WORD)
    exported = regression_cases.export_cases(settings, tmp_path)
    texts = [(folder / "page.txt").read_text(encoding="utf-8") for folder in exported.written]
    assert (sorted(texts), exported.left) == (sorted([GOOD, OTHER]), [])
    assert [case.right_corrected for case in regression_cases.check_cases(settings, tmp_path)] == [
        True,
        True,
    ]


def test_a_page_whose_bytes_are_gone_is_reported_and_the_rest_exported(
    settings: Settings,
    tmp_path: Path,
) -> None:
    correct_and_split(settings)
    corrections.correct(settings, SAID, "b.txt", WORD)
    (lost,) = [row["page_id"] for row in rows(settings, PAGES) if row["name"] == "b.txt"]
    open_table(settings.lake, PAGES).delete(f"page_id = '{lost}'")
    exported = regression_cases.export_cases(settings, tmp_path)
    assert [folder.name[:5] for folder in exported.written] == ["a-txt"]
    (line,) = exported.left
    assert line.startswith("b.txt: line 7 starts as body")
    assert "no longer in the lake" in line


def outlet_settings(settings: Settings, pages: int = 5) -> Settings:
    """Deliver pages of an outlet known by setting alone, a day apart, the newest last."""
    settings = replace(settings, outlet=TIDE)
    for number in range(pages):
        page = GOOD.replace("eighty", f"{number + 21}").replace("night", "slow")
        (settings.inbox / f"tide-{number}.txt").write_text(page, encoding="utf-8")
        ingest(settings, f"tide {number}", LATER + timedelta(days=number))
    return settings


def test_a_pattern_of_an_outlet_becomes_cases_of_its_newest_pages(
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings = outlet_settings(settings)
    corrections.correct(settings, [PROMO.format(TIDE)], None, WORD)
    exported = regression_cases.export_cases(settings, tmp_path)
    names = sorted(folder.name.partition("_")[0] for folder in exported.written)
    assert (names, exported.left) == (["tide-2-txt", "tide-3-txt", "tide-4-txt"], [])
    for folder in exported.written:
        (story,) = json.loads((folder / "stories.json").read_text(encoding="utf-8"))
        assert "The boat leaves" not in story["body"]
        said = (folder / "corrections.txt").read_text(encoding="utf-8")
        assert said == PROMO.format(TIDE) + "\n"
        assert (folder / "outlet.txt").read_text(encoding="utf-8") == TIDE
    tried = [
        (case.right_alone, case.right_corrected)
        for case in regression_cases.check_cases(settings, tmp_path)
    ]
    assert tried == [(False, True)] * 3


def test_a_page_corrected_by_itself_and_by_its_outlet_is_one_case_of_both(
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings = outlet_settings(settings, pages=1)
    corrections.correct(settings, [PROMO.format(TIDE)], None, WORD)
    later = replace(WORD, made_at=LATER + timedelta(hours=1))
    corrections.correct(settings, ["line 5 is caption"], "tide-0.txt", later)
    (folder,) = regression_cases.export_cases(settings, tmp_path).written
    said = (folder / "corrections.txt").read_text(encoding="utf-8")
    assert said == f"{PROMO.format(TIDE)}\nline 5 is caption\n"
    (case,) = regression_cases.check_cases(settings, tmp_path)
    assert (case.right_alone, case.right_corrected) == (False, True)


@pytest.mark.parametrize("said", [PROMO.format("The Ebb Post"), PROMO.format(TIDE).lower()])
def test_a_pattern_that_matches_no_page_is_reported(
    settings: Settings,
    tmp_path: Path,
    said: str,
) -> None:
    settings = outlet_settings(settings, pages=1)
    corrections.correct(settings, [said], None, WORD)
    exported = regression_cases.export_cases(settings, tmp_path)
    assert exported.written == []
    (left,) = exported.left
    assert left.startswith(said)
    assert "it changes no line of the outlet's newest" in left
