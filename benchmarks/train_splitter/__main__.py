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
from benchmarks.train_splitter.stages import TrainingPages, fit_networks, list_networks, train_model
from benchmarks.train_splitter.synthesis import PAGES, make_synthetic
from include.splitter.model.model_file import CARD, FILE, Model, pack_model
from include.splitter.model.net import Net

SEED = 0
HARD_PAGE = 4.0  # weight of a counter-example when the forest of pages is fitted
WORKERS = 2


def gather_pages() -> TrainingPages:
    """Read the labelled pages, and make synthetic ones of each fold's stories."""
    labelled = read_labelled(DEV)
    fold = np.array(fold_pages(labelled))
    synthetic = [
        _make_synthetic(
            [page for page, own in zip(labelled, fold, strict=True) if own == number], number
        )
        for number in range(FOLDS)
    ]
    lines = lines_of([page["text"] for page in labelled])
    counts = [HARD_PAGE if "counter-example" in (page["notes"] or "") else 1.0 for page in labelled]
    real = make_lot(lines, label_lines(labelled, lines), 1.0, group_pages(labelled), counts)
    return TrainingPages(
        real, fold, join_lots(synthetic), np.repeat(np.arange(FOLDS), PAGES // FOLDS),
        name_features(),
    )  # fmt: skip


def _make_synthetic(pages: list[Page], fold: int) -> Lot:
    lines = lines_of([page["text"] for page in pages])
    harvest = harvest_pages(pages, lines, label_lines(pages, lines))
    return make_synthetic(harvest, SEED + fold, PAGES // FOLDS)


def train(
    left_out: list[int | None], fitted: Mapping[int | None, Net] | None = None
) -> list[Model]:
    """
    Train one model for each fold to leave out (None: train on all pages).

    Args:
        fitted: networks that need not be fitted again, by the fold that each leaves out.
    """
    pages, nets = gather_pages(), dict(fitted or {})
    needed = dict.fromkeys(fold for model in left_out for fold in list_networks(model))
    missing = [fold for fold in needed if fold not in nets]
    with ProcessPoolExecutor(WORKERS) as pool:
        new = pool.map(fit_networks, repeat(pages), missing, repeat(SEED))
        nets |= dict(zip(missing, new, strict=True))
        return list(pool.map(train_model, repeat(pages), left_out, repeat(nets), repeat(SEED)))


def train_all_folds() -> list[Model]:
    """Train one model per fold, each on the other folds."""
    return train(list(range(FOLDS)))


def train_fold(fold: int, models: Sequence[Model]) -> Model:
    """Train a fold's model again, with the other folds' networks; models: those of all folds."""
    return train([fold], {at: model.net for at, model in enumerate(models) if at != fold})[0]


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
