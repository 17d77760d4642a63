"""
Extract a story's fields from its parts: credits, agencies, outlet, date, id.

A field quotes the text; what the text does not state is null, never guessed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import polars as pl

from include.splitter.lines.lexicon import FOLDER
from include.splitter.lines.patterns import contains, extract, extract_all
from include.splitter.stories.attribution import without_dates
from include.splitter.stories.bylines import (
    label_before,
    read_bio,
    read_names,
    without_reading_time,
)
from include.splitter.stories.dates import DateMatch, find_order, read_dates, read_edge_date
from include.splitter.stories.language import name_languages
from include.splitter.stories.places import OPENERS

SIGNING = ("byline", "dateline", "author")  # roles of lines with a name or a date
USER = re.compile(r"[^\W\d_][\w.-]{1,39}")  # a feed's author: «manton»
LETTER = r"[^\W\d_]"
CREDIT = re.compile(  # Python's `re`: Rust's engine takes ten times as long with capture groups
    r"(?:\(([^()]{2,60})\)"
    r"|(?:©|foto:|fotos:|bild:|photo:|photograph:|credit:|picture:)\s*(.{2,60})"
    rf"|\b((?:{LETTER}+(?:[ -]{LETTER}+){{0,3}}/)?(?:epa|afp|ap|reuters|dpa|getty images)"
    rf"(?:\s?/\s?(?:{LETTER}|[/ ]){{2,40}})?))\s*$",
    re.I,
)
MAY_CREDIT = (  # Rust syntax; matches whatever CREDIT matches
    r"(?i)\)\s*$|©|(?:foto|fotos|bild|photo|photograph|credit|picture):"
    r"|(?:^|\PL)(?:epa|afp|ap|reuters|dpa|getty images)(?:\s?/[\s\p{L}/]*|\s*)$"
)
CREDIT_CHARS = 90  # searched at a caption's end
PLACE_CHARS = 90
DAY = r"(?:,?\s\p{L}+\.?\s\d{1,2}|,?\s\d{1,2}\.?\s\p{L}+\.?)?"
PLACE = (  # Rust syntax: a place before an agency in parentheses, or in capitals; then a dash
    rf"^(\p{{Lu}}[\p{{L}}/., '’-]{{1,50}}?{DAY}\s\((?:\p{{L}}|[/ ]){{2,30}}\)"
    rf"|\p{{Lu}}[\p{{Lu}}/ .'’-]{{2,40}}(?:,\s\p{{L}}[\p{{L}}. ]{{1,20}})?{DAY})"
    r"\s?(?:--|[—–-])\s+[\"“«„'‘]?\p{Lu}"
)


@dataclass(frozen=True)
class Signature:
    """A story's author names, publication time (UTC) and precision; None if unknown."""

    byline: str | None = None
    at: datetime | None = None
    precision: str | None = None


def add_credit(pieces: pl.DataFrame) -> pl.DataFrame:
    """Add `credit`: the picture credit at a caption's end; null elsewhere."""
    captions = (pieces["role"] == "caption").arg_true()
    ends = pieces["text"].gather(captions).str.tail(CREDIT_CHARS)
    may = contains(ends, MAY_CREDIT).arg_true()
    read = {
        end: _read_credit(end) for end in set(ends.gather(may))
    }  # most captions occur at least twice
    credits = pl.Series([read[end] for end in ends.gather(may)], dtype=pl.String)
    none = pl.Series("credit", [None], pl.String).new_from_index(0, len(pieces))
    return pieces.with_columns(none.scatter(captions.gather(may), credits))


def _read_credit(end: str) -> str | None:
    match = CREDIT.search(end)
    return next(filter(None, match.groups())).strip() if match else None


@cache
def agency_pattern() -> str:
    """Give the regular expression (Rust syntax) that finds agency names."""
    names = (FOLDER / "agencies.txt").read_text(encoding="utf-8").split("\n")
    names_by_length = sorted(filter(None, names), key=len, reverse=True)
    return rf"(?:^|[\s(/\[—–-])({'|'.join(map(re.escape, names_by_length))})(?:$|[\s)/\],.:;—–-])"


def read_agencies(body: pl.Series) -> pl.Series:
    """Give the distinct agencies named in the body's first 300 and last 120 characters."""
    ends = body.str.head(300) + " " + body.str.tail(120)
    matches = extract_all(ends, agency_pattern())
    names = matches.list.eval(pl.element().str.strip_chars(" \n\t()/[],.:;—–-"))
    return names.list.unique().list.sort()


def add_signatures(stories: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """
    Add each story's author and publication date, from its bylines and datelines.

    Args:
        stories: as `gather_stories` returns them. pieces: as `sign_stories` returns them.
    Returns:
        The stories with language (of the body), byline (names only), dateline (from the body's
        first line, else the dateline), published_at (UTC), published_precision, published_source.
    """
    languages = name_languages(stories["body"])
    signs = _read_signatures(pieces, stories, languages)
    return stories.with_columns(
        pl.Series("language", languages, pl.String),
        pl.Series("byline", [sign.byline for sign in signs], pl.String),
        pl.Series("published_at", [sign.at for sign in signs], pl.Datetime("us", "UTC")),
        pl.Series("published_precision", [sign.precision for sign in signs], pl.String),
        pl.Series("published_source", ["text" if s.at else None for s in signs], pl.String),
        dateline=pl.coalesce(read_place(stories["body"]), "dateline"),
    )


def read_place(body: pl.Series) -> pl.Series:
    """Quote the dateline before a body's first sentence: «OSLO, May 3 (dpa) —»."""
    head = body.str.head(PLACE_CHARS)
    at = contains(head, PLACE).arg_true()  # extracting takes ten times as long
    places = extract(head.gather(at), PLACE).str.strip_chars(" \u2014\u2013-")
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(body)).scatter(at, places)


def _read_signatures(
    pieces: pl.DataFrame, stories: pl.DataFrame, languages: list[str]
) -> list[Signature]:
    """Extract one signature per story, in the same order."""
    orders = _find_orders(pieces)
    lines = pieces.filter(pl.col("role").is_in(SIGNING) & (pl.col("story") >= 0))
    by_story: dict[int, list[tuple[int, str, str]]] = {}
    for story, *line in lines.select("story", "start", "text", "role").iter_rows():
        by_story.setdefault(story, []).append((line[0], line[1], line[2]))
    spans = stories.select(
        "story",
        "page",
        "headline",
        opened=pl.col("body_spans").list.get(OPENERS, null_on_oob=True).struct.field("start"),
        end=pl.col("body_spans").list.last().struct.field("end"),
    )
    return [
        _read_signature(
            by_story.get(story, []), opened or end, end, language, orders.get(page), headline or ""
        )
        for (story, page, headline, opened, end), language in zip(
            spans.iter_rows(), languages, strict=True
        )
    ]


def _find_orders(pieces: pl.DataFrame) -> dict[int, bool | None]:
    """Map pages with numeric dates to whether they write the day first; None if unknown."""
    figured = pieces.filter(contains(pieces["text"], r"\d[-/]\d{1,2}[-/](?:19|20)\d\d"))
    pages = figured.group_by("page", maintain_order=True).agg("text")
    return {page: find_order(texts) for page, texts in pages.iter_rows()}


def _read_signature(
    lines: list[tuple[int, str, str]], opened: int, end: int, language: str, order: bool | None,
    headline: str,
) -> Signature:  # fmt: skip
    """Extract a signature from one story's lines: (start, text, role) in page order."""
    signed = [n for _, text, role in lines if (n := _read_byline(text, role == "byline"))]
    names = signed or [n for _, text, role in lines if role == "author" and (n := read_bio(text))]
    ranked: dict[int, list[DateMatch]] = {}
    if own := read_edge_date(headline, language, order):
        ranked[-1] = [own]
    for start, text, role in lines:
        if role == "author":
            continue
        for rank, date in _rank_dates(text, language, order):
            late = 0 if start < opened else 2 if start >= end else None
            if late is not None:
                ranked.setdefault(rank + late, []).append(date)
    best = ranked[min(ranked)] if ranked else []
    if len({date.at.date() for date in best}) != 1:
        return Signature(names[0] if names else None)
    finest = next((date for date in best if date.precision == "minute"), best[0])
    return Signature(names[0] if names else None, finest.at, finest.precision)


def _rank_dates(line: str, language: str, order: bool | None) -> Iterator[tuple[int, DateMatch]]:
    """Rank a line's first date that is not an update: 0 if labelled «published», else 1."""
    since = 0
    for date in read_dates(line, language, order):
        label = label_before(line[since : date.start])
        since = date.end
        if label != "updated":
            yield 0 if label else 1, date
            return


def _read_byline(line: str, is_name: bool) -> str | None:
    text = without_reading_time(without_dates(line))
    names = read_names(text, _agencies(), is_name)
    return names or (text.strip() if is_name and USER.fullmatch(text.strip()) else None)


@cache
def _agencies() -> frozenset[str]:
    names = (FOLDER / "agencies.txt").read_text(encoding="utf-8").casefold().split("\n")
    return frozenset(filter(None, names))


def story_id(page_id: str, body_start: int) -> str:
    """Give a story's id: 24 hex digits of a hash of its page's id and its body's offset."""
    return hashlib.sha256(f"{page_id}:{body_start}".encode()).hexdigest()[:24]
