"""
Harvest stories, chrome and whole rows from labelled pages: what synthetic pages are made of.

Only pages of the training folds may be given, so that no page is judged by a model that saw its
stories.
"""

from dataclasses import dataclass

import polars as pl

from benchmarks.train_splitter.labelled import Labels, Page
from include.splitter.model.line_classifier import BODY, CAPTION, SIDE

SMALLEST = 60  # characters of a body worth taking
LONGEST_PAGE = 12_000  # characters of a page taken whole


@dataclass(frozen=True)
class Row:
    """One line of a page: blank lines before it, text, kind (of CLASSES), story (-1: none)."""

    gap: int
    text: str
    kind: int
    story: int
    start: bool


@dataclass(frozen=True)
class Tale:
    """
    One gold story.

    flow: texts and kinds from its first to its last paragraph, sub-headings and captions between.
    deck: longer side matter above the body.
    """

    headline: str | None
    body: tuple[str, ...]
    captions: tuple[str, ...]
    flow: tuple[tuple[str, int], ...]
    deck: tuple[str, ...]
    lang: str


@dataclass(frozen=True)
class Harvest:
    """tales; runs: the chrome lines of each page, in order; pages: whole single-story pages."""

    tales: list[Tale]
    runs: list[list[str]]
    pages: list[list[Row]]


def harvest_pages(pages: list[Page], lines: pl.DataFrame, labels: Labels) -> Harvest:
    """Harvest pages; composed ones are passed by, they repeat stories of others."""
    own = [page for page in pages if page["kind"] != "composed"]
    tales = [tale for page in own for tale in _tales_of(page)]
    runs = [_texts(page["text"], page["boilerplate_spans"]) for page in own]
    by_page = lines["page"].to_numpy()
    whole = []
    for number, page in enumerate(pages):
        if page["kind"] == "aligned" and len(page["text"]) < LONGEST_PAGE:
            at = (by_page == number).nonzero()[0]
            whole.append([_row(lines, labels, int(i)) for i in at])
    return Harvest(tales, [run for run in runs if run], whole)


def _row(lines: pl.DataFrame, labels: Labels, at: int) -> Row:
    gap, text = int(lines["gap"][at]), lines["text"][at]
    return Row(gap, text, int(labels.kind[at]), int(labels.gold_story[at]), bool(labels.start[at]))


def _texts(text: str, spans: list[list[int]]) -> list[str]:
    """Give the texts of spans within one line, less the blank ones."""
    quoted = [text[start:end].strip() for start, end in spans]
    return [one for one in quoted if one and "\n" not in one]


def _tales_of(page: Page) -> list[Tale]:
    text, tales = page["text"], []
    for story in page["stories"]:
        body = _texts(text, story["body_spans"])
        if sum(map(len, body)) < SMALLEST:
            continue
        first, last = story["body_spans"][0][0], story["body_spans"][-1][1]
        parts = [(span, BODY) for span in story["body_spans"]]
        for name, kind in (("ignore_spans", SIDE), ("caption_spans", CAPTION)):
            parts += [(span, kind) for span in story[name] if first < span[0] < last]
        flow = [(one, kind) for span, kind in sorted(parts) for one in _texts(text, [span])]
        above = [span for span in story["ignore_spans"] if span[1] <= first]
        deck = [one for one in _texts(text, above) if len(one) > SMALLEST]
        captions = _texts(text, story["caption_spans"])
        tales.append(
            Tale(
                story["headline"],
                tuple(body),
                tuple(captions),
                tuple(flow),
                tuple(deck),
                page["lang"],
            )
        )
    return tales
