"""
Read the labelled pages, and turn their spans into one label per line.

The pages stand beside the project (`../shared/eval/dev2`); their texts never enter the repository.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.train_splitter.lots import Lot
from include.splitter.features.cohesion import find_words
from include.splitter.features.features import describe_lines, stack_features
from include.splitter.features.page_kind import describe_page_kinds
from include.splitter.line_arrays import find_ground
from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.inline_chrome import find_inline
from include.splitter.lines.lines import find_lines
from include.splitter.model.line_classifier import BODY, CAPTION, CHROME, HEADLINE, SIDE
from include.splitter.roles.notice_tails import find_tails, ignore_tails
from include.splitter.roles.roles import name_roles
from include.splitter.roles.start_signs import weigh_lines

DEV = Path(__file__).parents[3] / "shared" / "eval" / "dev2"
KINDS = ("aligned", "composed", "real")
PARTS = (("ignore_spans", SIDE), ("caption_spans", CAPTION), ("headline_spans", HEADLINE))

Page = dict[str, Any]


@dataclass(frozen=True)
class Labels:
    """Of n lines: kind (index into CLASSES), gold_story (number on its page or -1), start."""

    kind: np.ndarray
    gold_story: np.ndarray
    start: np.ndarray


def read_labelled(folder: Path) -> list[Page]:
    """Give the records of every kind, in the order of KINDS; folder as the README of eval says."""
    return [
        json.loads(line)
        for kind in KINDS
        for line in (folder / f"{kind}.jsonl").read_text(encoding="utf-8").split("\n")
        if line  # not splitlines: the texts hold U+2028 and U+0085
    ]


def fingerprint(folder: Path) -> str:
    """Hash the labelled files, in the order of KINDS."""
    whole = hashlib.sha256()
    for kind in KINDS:
        whole.update((folder / f"{kind}.jsonl").read_bytes())
    return whole.hexdigest()


def lines_of(texts: list[str]) -> pl.DataFrame:
    """Give the lines of pages numbered from 0."""
    schema = {"page": pl.UInt32, "text": pl.String}
    return find_lines(pl.DataFrame({"page": range(len(texts)), "text": texts}, schema=schema))


def make_lot(
    lines: pl.DataFrame, labels: Labels, weight: float, group: list[int], counts: list[float]
) -> Lot:  # fmt: skip
    """Give lines, with their features as the product sees them, and their labels."""
    looked = describe_appearance(lines)
    inline = find_inline(looked)
    looked = ignore_tails(looked, find_tails(looked))
    roles = name_roles(looked, inline.appeals)
    ground = find_ground(looked["page"].to_numpy())
    evidence = weigh_lines(looked, roles, ground.page, ground.first, ground.last)
    words = find_words(looked)
    table = describe_lines(looked, roles, evidence, ground, words)
    page_rows = describe_page_kinds(looked, roles, table, words, ground)
    size = looked["size"].to_numpy().astype(np.int64)
    return Lot(
        stack_features(table), ground.page, size, labels.kind, labels.start, labels.gold_story,
        words, weight, page_rows, np.array(group), np.array(counts),
    )  # fmt: skip


def label_lines(pages: list[Page], lines: pl.DataFrame) -> Labels:
    """Label each line by the spans that touch it: body overrules headline, caption, side matter."""
    count = len(lines)
    labels = Labels(
        np.full(count, CHROME), np.full(count, -1), np.zeros(count, dtype=bool)
    )  # fmt: skip
    begins, ends = lines["start"].to_numpy(), lines["end"].to_numpy()
    bounds = np.searchsorted(lines["page"].to_numpy(), np.arange(len(pages) + 1))
    for number, page in enumerate(pages):
        rows = slice(bounds[number], bounds[number + 1])

        def touched(
            spans: list[list[int]], rows: slice = rows, base: int = int(bounds[number])
        ) -> np.ndarray:
            hit = np.zeros(len(begins[rows]), dtype=bool)
            for start, end in spans:
                hit |= (begins[rows] < end) & (ends[rows] > start)
            return np.flatnonzero(hit) + base

        for order, story in enumerate(page["stories"]):
            for part, kind in PARTS:
                at = touched(story[part])
                labels.kind[at], labels.gold_story[at] = kind, order
            body = touched(story["body_spans"])
            labels.kind[body], labels.gold_story[body] = BODY, order
            opening = touched(story["headline_spans"][:1])
            labels.start[(opening if len(opening) else body)[0]] = True
    return labels


def name_features() -> tuple[str, ...]:
    """Give the features' names in their order, as the product makes them."""
    looked = describe_appearance(lines_of(["One line."]))
    roles = name_roles(looked, find_inline(looked).appeals)
    ground = find_ground(looked["page"].to_numpy())
    evidence = weigh_lines(looked, roles, ground.page, ground.first, ground.last)
    return tuple(describe_lines(looked, roles, evidence, ground, find_words(looked)))
