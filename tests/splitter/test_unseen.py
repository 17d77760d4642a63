"""Quality on pages of unseen publishers stays above a floor just under what was measured."""

import pytest

from benchmarks import split_quality
from benchmarks.train_splitter.folds import FOLDS, fold_pages, leave_out
from benchmarks.train_splitter.labelled import DEV, Page, fingerprint, read_labelled
from include.splitter.model.model_file import read_card

needs_labels = pytest.mark.skipif(not DEV.is_dir(), reason="no labelled pages here")
SAME = 0.06  # of one fold's story F1; training sums differ between processors


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return read_labelled(DEV)


@needs_labels
def test_the_model_was_trained_on_these_pages() -> None:
    assert read_card()["fingerprint"] == fingerprint(DEV)


@needs_labels
def test_no_fold_shares_a_publisher_or_a_paragraph_with_another(pages: list[Page]) -> None:
    folds = fold_pages(pages)
    known: dict[str, int] = {}
    for page, fold in zip(pages, folds, strict=True):
        bodies = [page["text"][a:b] for story in page["stories"] for a, b in story["body_spans"]]
        lines = [" ".join(line.split()) for body in bodies for line in body.split("\n")]
        for mark in [page["publisher"], *(line for line in lines if len(line) > 60)]:
            assert known.setdefault(mark, fold) == fold
    assert sorted(set(folds)) == list(range(FOLDS))
    assert all(len(leave_out(pages, fold)) < len(pages) for fold in range(FOLDS))


@needs_labels
def test_no_figure_falls_below_its_floor(pages: list[Page]) -> None:
    split = split_quality.split_all(pages, split_quality.read_models())
    assert split_quality.find_missed(split_quality.measure(pages, split)) == []


@needs_labels
@pytest.mark.train
def test_training_again_gives_the_same_scores(pages: list[Page]) -> None:
    from benchmarks.train_splitter.__main__ import train_fold  # needs LightGBM, which needs OpenMP

    unseen = [page for page, fold in zip(pages, fold_pages(pages), strict=True) if fold == 0]
    models = split_quality.read_models()
    kept, again = models[0], train_fold(0, models)
    figures = [
        split_quality.score(split_quality.split_unseen(unseen, model), unseen)["story_F1"]
        for model in (kept, again)
    ]
    assert figures[1] == pytest.approx(figures[0], abs=SAME)
