"""
Find chrome inside a line: an appeal glued to the front of a paragraph, or an advert marker in one.

Only a few lines are examined: those that share their first words with another line of the page,
and those that match a phrase list.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import compress

import numpy as np
import polars as pl

from include.splitter.lines.lexicon import read_phrases

HEAD_CHARS = 24  # lines with these first characters in common begin alike
LONG_CHARS = 200  # an appeal is glued to whole stories, not to headlines
COMMON_CHARS = 60  # shortest opening shared by two long lines that counts as an appeal
MANY = 50  # lines compared with each line; bounded to keep time linear
APPEAL_CHARS = 800  # longest glued appeal


@dataclass(frozen=True)
class Cut:
    """Characters of one line that are chrome: line index, offsets in the line, role and reason."""

    at: int
    start: int
    end: int
    role: str
    reason: str


@dataclass(frozen=True)
class Inline:
    """appeals: n; lines whose words open another paragraph. cuts: ordered by line and offset."""

    appeals: np.ndarray
    cuts: list[Cut]


def find_inline(looked: pl.DataFrame) -> Inline:
    """
    Find the chrome inside the lines of a batch.

    Args:
        looked: n lines with columns at, page, text, chars, is_promo.
    """
    appeals = np.zeros(len(looked), dtype=bool)
    cuts: dict[int, list[Cut]] = defaultdict(list)
    for group in _begin_alike(looked):
        for cut, lines in _shared_openings(group):
            cuts[cut.at].append(cut)
            appeals[lines] = True
    for at, text in _suspects(looked, _appeal_heads()):
        if at not in cuts and (end := _appeal_by_phrase(text)):
            cuts[at].append(Cut(at, 0, end, "promo", "an appeal in front of the story"))
    for at, text in _suspects(looked, _advert_marks()):
        for match in _advert_between().finditer(text):
            reason = "marks an advertisement inside a paragraph"
            cuts[at].append(Cut(at, match.start(1), match.end(1), "advert", reason))
    ordered = [cut for at in sorted(cuts) for cut in sorted(cuts[at], key=lambda c: c.start)]
    return Inline(appeals, ordered)


def _begin_alike(looked: pl.DataFrame) -> list[pl.DataFrame]:
    """
    Give, per page, all lines if a long one shares its first characters with another.

    Returns:
        Frames with the columns at, text and is_promo, one per page.
    """
    head = looked.select(
        "at",
        "page",
        "key",
        opening=pl.col("text").str.head(HEAD_CHARS),
        is_long=pl.col("chars") >= LONG_CHARS,
    ).filter(pl.col("opening").str.len_chars() >= HEAD_CHARS // 2)
    alike = (
        head.group_by("page", "opening")
        .agg(pl.col("key").n_unique().alias("kinds"), pl.col("is_long").any())
        .filter((pl.col("kinds") > 1) & pl.col("is_long"))
    )
    pages = alike["page"].unique()
    if not len(pages):
        return []
    few = looked.lazy().select("page", "at", "text", "is_promo")
    rows = few.filter(pl.col("page").is_in(pages.implode())).collect()
    return rows.partition_by("page", maintain_order=True, include_key=False)


def _shared_openings(page: pl.DataFrame) -> list[tuple[Cut, list[int]]]:
    """
    Find the long lines of one page that begin with an appeal, and the lines that repeat it.

    An appeal is an opening that two long lines share, and that other lines of the page, put one
    after another, spell out: on its own for the lead story, glued in front of the related ones.
    """
    openings = _index_openings(page)
    promo = set(compress(openings.texts, page["is_promo"].to_list()))
    appeals = []
    for at, text in openings.texts.items():
        if len(text) < LONG_CHARS:
            continue
        alike = [i for i in openings.index[text[:HEAD_CHARS]][:MANY] if i != at]
        shared = _common_opening(text, [openings.texts[i] for i in alike])
        spelt, lines = _spell(text, 0, at, openings)
        if shared and not spelt:
            lines = _spell_within(text, shared, at, openings)
        sure = len(lines) > 1 or not promo.isdisjoint(lines)
        end = max(shared, spelt if sure else 0)
        if 0 < end < len(text):
            reason = "an appeal in front of the story, found again on this page"
            appeals.append((Cut(at, 0, end, "promo", reason), lines))
    return appeals


@dataclass(frozen=True)
class _Openings:
    """
    A page's lines, indexed by how they begin.

    texts: by line. index: lines by their first HEAD_CHARS characters. lengths: of the index's keys,
    3 or more, descending. heads: the keys' first 3 characters.
    """

    texts: dict[int, str]
    index: dict[str, list[int]]
    lengths: list[int]
    heads: set[str]


def _index_openings(page: pl.DataFrame) -> _Openings:
    texts = dict(zip(page["at"].to_list(), page["text"].to_list(), strict=True))
    index: dict[str, list[int]] = defaultdict(list)
    for at, text in texts.items():
        index[text[:HEAD_CHARS]].append(at)
    lengths = {len(key) for key in index if len(key) > 2}
    heads = {key[:3] for key in index if len(key) > 2}
    return _Openings(texts, dict(index), sorted(lengths, reverse=True), heads)


def _common_opening(text: str, others: list[str]) -> int:
    """Give the length of the longest opening shared with another long line, at a word's end."""
    longest = 0
    for other in others:
        if len(other) >= LONG_CHARS and other != text:
            longest = max(longest, text.rfind(" ", 0, _first_difference(text, other)) + 1)
    return longest if COMMON_CHARS <= longest <= APPEAL_CHARS else 0


def _first_difference(text: str, other: str) -> int:
    """Give the offset where two texts differ; 0 if one is a prefix of the other."""
    low, high = 0, min(len(text), len(other))
    if text[:high] == other[:high]:
        return 0
    while low < high:
        middle = (low + high + 1) // 2
        if text[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _spell(text: str, begin: int, at: int, page: _Openings) -> tuple[int, list[int]]:
    """Match other lines in a row against a text from `begin`; give the end and the lines."""
    end, lines = begin, []
    while end < APPEAL_CHARS and text[end : end + 3] in page.heads:
        fits = (
            i
            for length in page.lengths
            for i in page.index.get(text[end : end + length], ())[:MANY]
            if i != at and len(page.texts[i]) < len(text) and text.startswith(page.texts[i], end)
        )
        best = max(fits, key=lambda i: len(page.texts[i]), default=None)
        if best is None:
            break
        lines.append(best)
        end += len(page.texts[best])
        while text[end : end + 1].isspace():
            end += 1
    return end if lines else 0, lines


def _spell_within(text: str, shared: int, at: int, page: _Openings) -> list[int]:
    """Find lines of the page that a shared opening spells out after its first words."""
    for begin in (m.end() for m in re.finditer(r"\s", text[:shared])):
        lines = _spell(text, begin, at, page)[1]
        if len(lines) > 1:
            return lines
    return []


def _suspects(looked: pl.DataFrame, pattern: str) -> list[tuple[int, str]]:
    """Give the long lines that match a pattern (Rust syntax)."""
    hit = (pl.col("chars") >= LONG_CHARS) & pl.col("text").str.contains(pattern)
    return list(looked.filter(hit).select("at", "text").iter_rows())


@cache
def _appeal_heads() -> str:
    starts = sorted(read_phrases("promo", "start") | read_phrases("promo", "line"))
    return f"(?i)^(?:{'|'.join(re.escape(phrase) for phrase in starts)})"


def _appeal_by_phrase(text: str) -> int:
    """Give the end of an appeal recognised by phrases alone: after the last button in reach."""
    last = 0
    for match in _buttons().finditer(text, 0, APPEAL_CHARS // 2):
        last = match.end()
    return last


@cache
def _buttons() -> re.Pattern[str]:
    """Match a button label directly before a sentence: «Become a member The mayor»."""
    lines = sorted(read_phrases("promo", "line"), key=len, reverse=True)
    words = "|".join(re.escape(phrase) for phrase in lines)
    return re.compile(rf"(?i:{words})\s+(?=[^\Wa-zß-öø-ÿ\d_]|[“\"'„«])")


@cache
def _advert_marks() -> str:
    words = sorted(w.capitalize() for w in read_phrases("advert", "line") if len(w) > 4)
    return f"(?:{'|'.join(re.escape(word) for word in words)})"


@cache
def _advert_between() -> re.Pattern[str]:
    """Match an advert marker between two sentences, surrounded by white space."""
    return re.compile(rf"(?<=[.!?…\"”’'»)])\s+({_advert_marks()})(?=\s+[^\Wa-z_]|\s+[“\"'„«]|$)")
