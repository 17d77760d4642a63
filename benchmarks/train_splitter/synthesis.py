"""Make synthetic pages of harvested stories: text and labels, the same for the same seed."""

import re
from dataclasses import replace
from random import Random

import numpy as np

from benchmarks.train_splitter import layouts
from benchmarks.train_splitter.harvest import Harvest, Row
from benchmarks.train_splitter.labelled import Labels, lines_of, make_lot
from benchmarks.train_splitter.lots import Lot
from include.model import BLANKS

PAGES = 300
MOST_LINES = 600
ENOUGH = 4  # stories of one language that a page may be made of
WEIGHTS = {
    layouts.lay_doubled: 2, layouts.lay_blog: 3, layouts.lay_ticker: 2, layouts.lay_briefs: 1,
    layouts.lay_aggregator: 1, layouts.lay_teasers: 1, layouts.lay_pages: 1, layouts.lay_single: 5,
}  # fmt: skip
EDGES = re.compile(rf"^{BLANKS}+|{BLANKS}+$")
WHOLE = (layouts.lay_pages, layouts.lay_single)  # these bring their own chrome


def make_synthetic(harvest: Harvest, seed: int, pages: int = PAGES) -> Lot:
    """Give `pages` synthetic pages as a lot of weight 0: the trainer weighs it."""
    chance = Random(seed)
    made: list[list[Row]] = []
    while len(made) < pages:
        rows = [row for row in _make_page(chance, harvest) if row.text]
        if 0 < len(rows) <= MOST_LINES:
            made.append(rows)
    lines = lines_of([_write(rows) for rows in made])
    flat = [row for rows in made for row in rows]
    if len(lines) != len(flat):
        raise ValueError(f"{len(flat)} rows were written as {len(lines)} lines")
    labels = Labels(
        np.array([row.kind for row in flat]),
        np.array([row.story for row in flat]),
        np.array([row.start for row in flat]),
    )
    return make_lot(lines, labels, 0.0, list(range(pages)), [1.0] * pages)


def _make_page(chance: Random, harvest: Harvest) -> list[Row]:
    """Lay out one page; its stories are of one language where there are enough."""
    layout = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    lang = chance.choice(harvest.tales).lang
    pool = [tale for tale in harvest.tales if tale.lang == lang]
    if sum(tale.headline is not None for tale in pool) < ENOUGH:
        pool = harvest.tales
    page = layouts.Draft(chance, harvest, pool, chance.choice((0, 1, 1, 1)))
    if layout not in WHOLE and chance.random() < 0.4:
        page.add_chrome(page.pick_run(12), 0, chance.choice((0, 1)))
    layout(page)
    if layout not in WHOLE and chance.random() < 0.5:
        page.add_chrome(page.pick_run(15), chance.choice((1, 2)), chance.choice((0, 1)))
    return [replace(row, text=EDGES.sub("", " ".join(row.text.split()))) for row in page.rows]


def _write(rows: list[Row]) -> str:
    """Write rows as a page's text."""
    parts = ["\n" * (row.gap + 1) + row.text for row in rows]
    return "".join(parts).lstrip("\n")
