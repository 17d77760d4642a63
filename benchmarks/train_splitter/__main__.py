"""
Train the splitter's model on all labelled pages: `python -m benchmarks.train_splitter`.

Writes include/splitter/model/line_classifier.npz, and line_classifier.json, the card that says what
it was trained on. Needs the labelled pages beside the project and requirements-dev.txt. The figures
are those of `python -m benchmarks.split_quality`, whose models never saw the pages they are scored
on.
"""

import json
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from benchmarks.train_splitter import stages
from benchmarks.train_splitter.folds import FOLDS, group_pages, leave_out
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
from benchmarks.train_splitter.synthesis import PAGES, make_synthetic
from include.splitter.model.model_file import CARD, FILE, Model, pack_model

SEED = 0
HARD_PAGE = 4.0  # weight of a counter-example when the forest of pages is fitted
WORKERS = 2


def train_all_folds() -> list[Model]:
    """Train once a fold, in the order of the folds."""
    with ProcessPoolExecutor(WORKERS) as pool:
        return list(pool.map(train_fold, range(FOLDS)))


def train_on(pages: list[Page], seed: int) -> Model:
    """Train on pages, and on synthetic ones made of them."""
    lines = lines_of([page["text"] for page in pages])
    labels = label_lines(pages, lines)
    synthetic = make_synthetic(harvest_pages(pages, lines, labels), seed)
    counts = [HARD_PAGE if "counter-example" in (page["notes"] or "") else 1.0 for page in pages]
    real = make_lot(lines, labels, 1.0, group_pages(pages), counts)
    return stages.train_model(real, synthetic, name_features(), seed)


def train_fold(fold: int) -> Model:
    """Train on all pages but a fold's."""
    return train_on(leave_out(read_labelled(DEV), fold), SEED + fold)


def write_model() -> None:
    """Train on every labelled page and write model and card."""
    pages = read_labelled(DEV)
    np.savez_compressed(FILE, allow_pickle=False, **pack_model(train_on(pages, SEED)))
    told = {
        "trained_by": "python -m benchmarks.train_splitter",
        "pages": len(pages),
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
    CARD.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_model()
