"""
Find a site's notices about a text, in many languages: paywalls, links to the rest, corrections,
first publication, page numbers.

The phrases are in `notices.toml`. `stories.notices` decides which story a notice belongs to.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from include.splitter.line_arrays import (
    Bools,
    Ints,
    after,
    before,
    keys_within,
    last_where,
    next_where,
)
from include.splitter.lines.patterns import contains
from include.splitter.roles.line_masks import mask_lines, match_lines

PHRASES = Path(__file__).with_name("notices.toml")
PAYWALL_CHARS = 320  # longest line that opens with a paywall
BRIEF_CHARS = 160  # longest line that mentions one after its first sentence
MORE_CHARS = 70
PAGE_CHARS = 90
FIRST_CHARS = 240
NOTE_CHARS = 1500  # longest correction
HEAD_CHARS = 160  # start of a line that must show that it is a correction
LABEL_CHARS = 45  # longest line that only labels the correction below it
TEXT_SIZE = 80  # shortest line that counts as text of a page
REACH = 3  # lines around a page mark that belong to it: the headline again, a link to the next page
SENTENCE = r"(?:^|[.!?…。！？][\"'”’»)]*\s*)[^\w.!?]*"
DATED = r"[,\s][^:：!?]{0,30}\d[^:：!?]{0,30}[:：]"  # «Correction, 6 March 2026:»
BRACKETED = r"\s?[(\[][^)\]]{2,40}[)\]]\s?[:：.–—-]?"
OFFER_CHARS = 240
PRICE = r"[$€£¥₽]\s?\d|\d\s?(?:[$€£¥₽]|(?i:usd|eur|euros?|chf|kr|zł|kč|ft|crowns?|cents?|руб)\b)"
PERIOD = (
    r"(?i)\b(?:months?|monthly|weeks?|weekly|years?|yearly|monat\w*|woche\w*|jahr\w*|mois|semaine"
    r"|mes|meses|año|mese|mesi|anno|mês|ano|maand|jaar|месяц\w*|год|miesi\w+|rok|měsíc\w*|månad\w*"
    r"|måned\w*|kuukau\w*|hónap\w*|mjesec\w*)\b|[月年]"
)


@dataclass(frozen=True)
class Notices:
    """
    Which of n lines are notices, by kind: a bool per line.

    paywall: says that the text is for subscribers. more: a link to the rest of the text.
    correction: corrects the text, or is an editor's note. first: says where or when it appeared
    first. offer: the price of a subscription, below a paywall. page: the number of a page of an
    article, or a link to another page. continued: stands between the number of a later page and
    its text, so that no story starts there. again: such a line that repeats one above.
    """

    paywall: Bools
    more: Bools
    correction: Bools
    first: Bools
    offer: Bools
    page: Bools
    continued: Bools
    again: Bools


def find_notices(looked: pl.DataFrame, first: Ints, last: Ints) -> Notices:
    """
    Find the notices of a batch.

    Args:
        looked: n lines with the columns of `describe_appearance`. first, last: as `page_bounds`.
    """
    patterns = read_patterns()
    paywall = _paywalls(looked, patterns)
    heads_list = after(looked["listed"].to_numpy(), last).astype(bool)  # of links to other stories
    more = match_lines(looked, MORE_CHARS, patterns["more"]) & ~paywall & ~heads_list
    page = match_lines(looked, PAGE_CHARS, patterns["page"])
    offer = last_where(paywall, first) >= 0
    offer[offer] = _offers(looked["text"].filter(pl.Series(offer)))
    offer &= (looked["chars"] <= OFFER_CHARS).to_numpy() & ~paywall
    continued, again = _find_continued(looked, patterns["number"], page, first, last)
    correction = _corrections(looked, patterns, first)
    published = match_lines(looked, FIRST_CHARS, patterns["first"])
    return Notices(paywall, more, correction, published, offer, page, continued, again)


def _paywalls(looked: pl.DataFrame, patterns: dict[str, str]) -> Bools:
    """Find paywalls; fixed words are searched for first, as the pattern alone takes 0.2 s/MB."""
    at = (looked["chars"] <= PAYWALL_CHARS).arg_true()
    words = read_phrases()["may"]["paywall"]
    at = at.filter(looked["text"].gather(at).str.contains_any(words, ascii_case_insensitive=True))
    text = looked["text"].gather(at)
    brief = text.str.len_chars() <= BRIEF_CHARS
    opens = contains(text, patterns["paywall_start"])
    is_paywall = opens | (brief & contains(text, patterns["paywall"]))
    return mask_lines(at, is_paywall, len(looked))


def _offers(text: pl.Series) -> Bools:
    return (contains(text, PRICE) & contains(text, PERIOD)).to_numpy()


def _corrections(looked: pl.DataFrame, patterns: dict[str, str], first: Ints) -> Bools:
    """Find corrections and editors' notes, and the text below a line that only labels one."""
    head = looked["text"].str.head(HEAD_CHARS)
    fits = (looked["chars"] <= NOTE_CHARS).to_numpy()
    notes = fits & contains(head, patterns["correction"]).to_numpy()
    label = match_lines(looked, LABEL_CHARS, patterns["label"])
    label |= (
        notes
        & (looked["chars"] <= LABEL_CHARS).to_numpy()
        & looked["text"].str.ends_with(":").to_numpy()
    )
    below = before(label, first).astype(bool) & fits & looked["ends"].to_numpy()
    label &= np.r_[below[1:], False][: len(label)]  # «Corrections» alone is a link
    return notes | label | (below & before(label, first).astype(bool))


def _find_continued(
    looked: pl.DataFrame, number: str, page: Bools, first: Ints, last: Ints
) -> tuple[Bools, Bools]:
    """
    Find the lines between the number of a later page and its text, and those that repeat a line.

    A headline that stands again above the number counts too.
    """
    ids = np.arange(len(page))
    later = np.zeros(len(page), dtype=bool)
    at = np.flatnonzero(page)
    numbers = looked["text"].gather(at).str.extract(number).cast(pl.Int32, strict=False)
    later[at] = (numbers.fill_null(0) > 1).to_numpy()
    text = (looked["size"] >= TEXT_SIZE).to_numpy() & looked["ends"].to_numpy()
    text_up, text_down = last_where(text, first), next_where(text, last)
    later &= (text_up >= 0) & (text_down >= 0)
    if not later.any():
        return later, later.copy()
    up, down = last_where(later, first), next_where(later, last)
    below = (up >= 0) & (ids - up <= REACH) & (text_up < up)
    above = (down >= 0) & (down - ids <= REACH) & (text_down > down)
    both = keys_within(looked["key"].to_numpy(), looked["page"].to_numpy())
    _, firsts = np.unique(both, return_index=True)
    again = (below | above) & ~np.isin(ids, firsts) & ~text & ~page
    return (below & ~text & ~page) | again, again


@cache
def read_phrases() -> dict[str, dict[str, list[str]]]:
    """Give the phrases by kind and language."""
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))


@cache
def read_patterns() -> dict[str, str]:
    """Give one pattern per kind (Rust syntax); `number` captures a page's number."""
    phrases = read_phrases()

    def any_of(kind: str, *keys: str) -> str:
        lists: Any = phrases[kind]
        return "|".join(phrase for key in keys or lists for phrase in lists[key])

    label, note = any_of("correction", "label"), any_of("correction", "note")
    alone = r"[\W]*$"
    page, more = any_of("page", "number"), any_of("more")
    shorter = more.replace(r"\b.*", r"(?:\W.*)?")  # ten times as fast, but not behind a sentence
    return {
        "paywall_start": rf"(?i)^[^\w.!?]*(?:{any_of('paywall')})",
        "paywall": rf"(?i){SENTENCE}(?:{any_of('paywall')})",
        "more": rf"(?i)^\W*(?:{shorter}){alone}",
        "more_last": rf"(?:\W*(?:{more}){alone})",
        "page": rf"(?i)^\W*(?:(?:{page})|(?:{any_of('page', 'link')})(?:\s?[:：].*)?){alone}",
        "first": rf"(?i)^\W*(?:{any_of('first')})",
        "number": r"(\d{1,3})",
        "label": rf"(?i)^(?:{label}){alone}",
        "correction": rf"(?i)^\W*(?:(?:{label})(?:\s?[:：]|\s?[–—-]\s|{BRACKETED}|{DATED})\W*\w"
        rf"|(?:update\w*[^:]{{0,40}}:\s?)?(?:{note}))",
    }
