"""
Measure the splitter on labelled pages of publishers that its model has not seen.

`python -m benchmarks.split_quality` splits every page with the product's own code and the model of
the fold that left its publisher and its text out, and scores it with the scorer that stands beside
the pages. `--train` trains the folds' models anew (minutes) and writes them and the figures.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.train_splitter.folds import FOLDS, fold_pages
from benchmarks.train_splitter.labelled import DEV, KINDS, Page, read_labelled
from include.splitter.model.model_file import Model, pack_model, unpack_model
from include.splitter.split import split_pages

MODELS = Path(__file__).parent / "train_splitter" / "folds.npz"
RIGHT = 0.8  # overlap from which a story counts as found, as the scorer has it
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # of the reliability table
FIGURES = {
    "story_F1": "story F1",
    "docs_all_stories_right": "pages right",
    "body_F1": "body F1",
    "headline_acc": "headline",
    "leak_caption": "caption leak",
    "leak_boilerplate": "chrome leak",
}
FLOORS = {  # just under what was reached (docs/splitting.md); of leaks, just above
    ("aligned", "story_F1"): 0.86, ("composed", "story_F1"): 0.89, ("real", "story_F1"): 0.648,
    ("all", "story_F1"): 0.718, ("all", "docs_all_stories_right"): 0.78, ("all", "body_F1"): 0.963,
    ("all", "headline_acc"): 0.635, ("all", "leak_caption"): 0.21,
    ("all", "leak_boilerplate"): 0.128,
}  # fmt: skip

Told = dict[str, Any]


def split_unseen(pages: list[Page], model: Model | None) -> list[Told]:
    """Split labelled pages: one record a page, as the scorer reads it, with confidences."""
    ids = [page["doc_id"] for page in pages]
    texts = pa.array([page["text"] for page in pages], pa.string())
    outcome = ["taken"] * len(pages)
    table = pa.table({"page_id": ids, "name": ids, "outcome": outcome, "text": texts})
    told: dict[str, Told] = {own: {"doc_id": own, "stories": []} for own in ids}
    for story in split_pages(table, model=model).stories.to_pylist():
        spans = [[span["start"], span["end"]] for span in story["body_spans"]]
        own = {name: story[name] for name in ("headline", "confidence")}
        told[story["page_id"]]["stories"].append({**own, "body_spans": spans})
    return list(told.values())


def split_all(pages: list[Page], models: list[Model]) -> list[Told]:
    """Split every page with the model of the fold that left it out."""
    own = fold_pages(pages)
    told = []
    for fold, model in enumerate(models):
        told += split_unseen([p for p, n in zip(pages, own, strict=True) if n == fold], model)
    return told


def score(told: list[Told], gold: list[Page]) -> dict[str, float]:
    """Give the scorer's figures over some labelled pages."""
    with tempfile.TemporaryDirectory() as aside:
        found, wanted, figures = (Path(aside, name) for name in ("found", "gold", "figures"))
        for path, records in ((found, told), (wanted, gold)):
            path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
        command = [sys.executable, str(DEV.parent / "score.py"), str(found), str(wanted)]
        subprocess.run([*command, "--json", str(figures)], check=True, capture_output=True)
        overall: dict[str, float] = json.loads(figures.read_text(encoding="utf-8"))["overall"]
    return overall


def measure(pages: list[Page], told: list[Told]) -> dict[str, dict[str, float]]:
    """Give FIGURES by kind of page, and for all."""
    by_kind = {kind: [page for page in pages if page["kind"] == kind] for kind in KINDS}
    figures = {kind: score(told, own) for kind, own in {**by_kind, "all": pages}.items()}
    return {
        kind: {"pages": own["docs"], **{name: round(own[name], 3) for name in FIGURES}}
        for kind, own in figures.items()
    }


def tell_reliability(pages: list[Page], told: list[Told]) -> list[tuple[float, int, float, float]]:
    """Give, by confidence: its lower edge, stories, their mean confidence, the share right."""
    by_page = {page["doc_id"]: page for page in told}
    found = [
        (story["confidence"], is_right(story["body_spans"], page))
        for page in pages
        for story in by_page[page["doc_id"]]["stories"]
    ]
    table = []
    for low, high in zip(EDGES, [*EDGES[1:], 1.01], strict=True):
        own = [(sure, right) for sure, right in found if low <= sure < high]
        count = max(len(own), 1)
        mean, share = sum(sure for sure, _ in own) / count, sum(right for _, right in own) / count
        table.append((low, len(own), round(mean, 3), round(share, 3)))
    return table


def is_right(body_spans: list[list[int]], page: Page) -> bool:
    """Say whether a body overlaps a gold story's by RIGHT, in characters."""
    left_out = {at for gold in page["stories"] for at in _places(gold["ignore_spans"])}
    own = _places(body_spans) - left_out
    overlaps = [
        len(own & body) / max(len(own | body), 1)
        for body in (_places(gold["body_spans"]) for gold in page["stories"])
    ]
    return max(overlaps, default=0.0) >= RIGHT


def _places(spans: list[list[int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def read_models() -> list[Model]:
    """Give the folds' models, in the order of their folds."""
    with np.load(MODELS, allow_pickle=False) as held:
        parts = {name: held[name] for name in held.files}
    return [
        unpack_model({name.split("/")[1]: parts[name] for name in parts if name[0] == str(fold)})
        for fold in range(FOLDS)
    ]


def write_models(models: list[Model]) -> None:
    """Keep the folds' models beside their trainer."""
    held = {
        f"{fold}/{name}": values
        for fold, model in enumerate(models)
        for name, values in pack_model(model).items()
    }
    np.savez_compressed(MODELS, allow_pickle=False, **held)


def find_missed(figures: dict[str, dict[str, float]]) -> list[str]:
    """Name the figures that are worse than their floor (leaks: than their ceiling)."""
    return [
        f"{kind} {FIGURES[name]}: {figures[kind][name]}, floor {floor}"
        for (kind, name), floor in FLOORS.items()
        if (figures[kind][name] > floor if "leak" in name else figures[kind][name] < floor)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true", help="train the folds' models anew")
    if parser.parse_args().train:
        from benchmarks.train_splitter.__main__ import train_all_folds

        write_models(train_all_folds())
    pages = read_labelled(DEV)
    told = split_all(pages, read_models())
    figures = measure(pages, told)
    print("| pages | n |", *(f"{name} |" for name in FIGURES.values()))
    print("|---|---:|" + "---:|" * len(FIGURES))
    for kind, own in figures.items():
        print(f"| {kind} |", *(f"{value} |" for value in own.values()))
    print("\n| confidence from | stories | mean confidence | right |\n|---:|---:|---:|---:|")
    for row in tell_reliability(pages, told):
        print("|", *(f"{value} |" for value in row))
    missed = find_missed(figures)
    print(*missed, sep="\n")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
