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

from include.splitter.lines.cuts import Cut
from include.splitter.lines.lexicon import read_phrases

HEAD_CHARS = 24  # lines with these first characters in common begin alike
LONG_CHARS = 200  # an appeal is glued to whole stories, not to headlines
COMMON_CHARS = 60  # shortest opening shared by two long lines that counts as an appeal
MANY = 50  # lines compared with each line; bounded to keep time linear
APPEAL_CHARS = 800  # longest glued appeal


@dataclass(frozen=True)
class Inline:
    """appeals: n; lines whose words open another paragraph. cuts: ordered by line; may overlap."""

    appeals: np.ndarray
    cuts: list[Cut]


def find_inline(looked: pl.DataFrame) -> Inline:
    """
    Find the chrome inside the lines of a batch.

    Args:
        looked: n lines with columns at, page, text, chars, is_promo.
    """
    appeals = np.zeros(len(looked), dtype=bool)
    cuts: list[Cut] = []
    for group in _begin_alike(looked):
        for cut, lines in _shared_openings(group):
            cuts.append(cut)
            appeals[lines] = True
    for at, text in _suspects(looked, _appeal_heads()):
        if end := _last_button(text, APPEAL_CHARS // 2):
            cuts.append(Cut(at, 0, end, "promo", "an appeal in front of the story"))
    for at, text in _suspects(looked, _advert_marks()):
        for match in _advert_between().finditer(text):
            reason = "marks an advertisement inside a paragraph"
            cuts.append(Cut(at, match.start(1), match.end(1), "advert", reason))
    return Inline(appeals, sorted(cuts, key=lambda cut: cut.at))


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

    Paragraphs of weather reports, speeches and notices begin alike too, and two stories of one
    agency. So an opening is an appeal only if it asks for something: a button ends it, or a line
    that spells it out is known to a phrase list. Without that proof 40 openings were cut on
    dev2's single articles and real pages, 25 of them out of a body.
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
            spelt, lines = _spell_within(text, shared, at, openings)
        asks = not promo.isdisjoint(lines) and (len(lines) > 1 or spelt >= COMMON_CHARS)
        end = max(spelt if asks else 0, _last_button(text, max(shared, spelt)))
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
            if i != at and _continues(text, page.texts[i], end)
        )
        best = max(fits, key=lambda i: len(page.texts[i]), default=None)
        if best is None:
            break
        lines.append(best)
        end += len(page.texts[best])
        while text[end : end + 1].isspace():
            end += 1
    return end if lines else 0, lines


def _continues(text: str, line: str, begin: int) -> bool:
    """Return whether a text goes on with a whole line at `begin`, and with more after a blank."""
    end = begin + len(line)
    return text.startswith(line, begin) and text[end : end + 1].isspace()


def _spell_within(text: str, shared: int, at: int, page: _Openings) -> tuple[int, list[int]]:
    """Match other lines in a row against a shared opening, after its first words."""
    for begin in (m.end() for m in re.finditer(r"\s", text[:shared])):
        end, lines = _spell(text, begin, at, page)
        if len(lines) > 1:
            return end, lines
    return 0, []


def _suspects(looked: pl.DataFrame, pattern: str) -> list[tuple[int, str]]:
    """Give the long lines that match a pattern (Rust syntax)."""
    hit = (pl.col("chars") >= LONG_CHARS) & pl.col("text").str.contains(pattern)
    return list(looked.filter(hit).select("at", "text").iter_rows())


@cache
def _appeal_heads() -> str:
    starts = sorted(read_phrases("promo", "start") | read_phrases("promo", "line"))
    return f"(?i)^(?:{'|'.join(re.escape(phrase) for phrase in starts)})"


def _last_button(text: str, until: int) -> int:
    """Give the end of the last button label in a text's first characters; 0 if there is none."""
    buttons = _buttons().finditer(text, 0, until + 1)  # the sentence after it begins at `until`
    return max((match.end() for match in buttons), default=0)


@cache
def _buttons() -> re.Pattern[str]:
    """
    Match a button label directly before a sentence: «Become a member The mayor».

    A label begins with a capital and has two words or more: «in its newsletter Ostreth said» and
    «would become a member on Friday» are prose.
    """
    lines = sorted(read_phrases("promo", "line"), key=len, reverse=True)
    words = "|".join(
        f"{re.escape(phrase[0].upper())}(?i:{re.escape(phrase[1:])})"
        for phrase in lines
        if " " in phrase
    )
    return re.compile(rf"(?:{words})\s+(?=[^\Wa-zß-öø-ÿ\d_]|[“\"'„«])")


@cache
def _advert_marks() -> str:
    words = sorted(w.capitalize() for w in read_phrases("advert", "line") if len(w) > 4)
    return f"(?:{'|'.join(re.escape(word) for word in words)})"


@cache
def _advert_between() -> re.Pattern[str]:
    """Match an advert marker between two sentences, surrounded by white space."""
    return re.compile(rf"(?<=[.!?…\"”’'»)])\s+({_advert_marks()})(?=\s+[^\Wa-z_]|\s+[“\"'„«]|$)")
