"""
Train the splitter's model on all labelled pages: `python -m benchmarks.train_splitter`.

Writes include/splitter/model/line_classifier.npz, and line_classifier.json, the card that says what
it was trained on. Needs the labelled pages beside the project and requirements-dev.txt. The figures
are those of `python -m benchmarks.split_quality`, whose models never saw the pages they are scored
on.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

import numpy as np

from benchmarks.train_splitter import stages
from benchmarks.train_splitter.folds import FOLDS, fold_pages, group_pages
from benchmarks.train_splitter.harvest import harvest_pages
from benchmarks.train_splitter.labelled import (
    DEV,
    Page,
    fingerprint,
    label_lines,
    lines_of,
    make_lot,
    name_features,
    read_labelled,
)
from benchmarks.train_splitter.lots import Lot, join_lots
from benchmarks.train_splitter.stages import Lessons, fit_networks, list_networks, train_model
from benchmarks.train_splitter.synthesis import PAGES, make_synthetic
from include.splitter.model.model_file import CARD, FILE, Model, pack_model
from include.splitter.model.net import Net

SEED = 0
HARD_PAGE = 4.0  # weight of a counter-example when the forest of pages is fitted
WORKERS = 2


def gather_lessons() -> Lessons:
    """Read the labelled pages, and lay out synthetic ones of each fold's stories."""
    pages = read_labelled(DEV)
    fold = np.array(fold_pages(pages))
    synthetic = [
        _make_synthetic(
            [page for page, own in zip(pages, fold, strict=True) if own == number], number
        )
        for number in range(FOLDS)
    ]
    lines = lines_of([page["text"] for page in pages])
    counts = [HARD_PAGE if "counter-example" in (page["notes"] or "") else 1.0 for page in pages]
    real = make_lot(lines, label_lines(pages, lines), 1.0, group_pages(pages), counts)
    return Lessons(
        real, fold, join_lots(synthetic), np.repeat(np.arange(FOLDS), PAGES // FOLDS),
        name_features(),
    )  # fmt: skip


def _make_synthetic(pages: list[Page], fold: int) -> Lot:
    lines = lines_of([page["text"] for page in pages])
    harvest = harvest_pages(pages, lines, label_lines(pages, lines))
    return make_synthetic(harvest, SEED + fold, PAGES // FOLDS)


def train(left_out: list[int | None], known: Mapping[int | None, Net] | None = None) -> list[Model]:
    """
    Give the models that leave out each of some folds (None: none).

    Args:
        known: networks that need not be fitted again, by the fold that each leaves out.
    """
    lessons, nets = gather_lessons(), dict(known or {})
    needed = {one: None for fold in left_out for one in list_networks(fold)}
    wanted = [fold for fold in needed if fold not in nets]
    with ProcessPoolExecutor(WORKERS) as pool:
        fitted = pool.map(fit_networks, repeat(lessons), wanted, repeat(SEED))
        nets |= dict(zip(wanted, fitted, strict=True))
        return list(pool.map(train_model, repeat(lessons), left_out, repeat(nets), repeat(SEED)))


def train_all_folds() -> list[Model]:
    """Train once a fold, in the order of the folds."""
    return train(list(range(FOLDS)))


def train_fold(fold: int, others: Sequence[Model]) -> Model:
    """Train on all pages but a fold's; others: the models of all folds, whose networks are used."""
    return train([fold], {at: one.net for at, one in enumerate(others) if at != fold})[0]


def write_model() -> None:
    """Train on every labelled page and write model and card."""
    keep_model(train([None])[0])


def keep_model(model: Model) -> None:
    """Write a model trained on every labelled page, and its card."""
    np.savez_compressed(FILE, allow_pickle=False, **pack_model(model))
    card = {
        "trained_by": "python -m benchmarks.train_splitter",
        "pages": len(read_labelled(DEV)),
        "synthetic_pages": PAGES,
        "fingerprint": fingerprint(DEV),
        "seed": SEED,
        "weights": {
            "net": stages.NET_WEIGHT,
            "starts": stages.START_WEIGHT,
            "segments": stages.SEGMENT_WEIGHT,
        },
        "features": list(name_features()),
    }
    CARD.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_model()
