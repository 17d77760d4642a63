"""
Find notices that end a paragraph: «… the mayor said. Subscribe to continue reading.»
"""

import re
from functools import cache

import polars as pl

from include.splitter.lines.appearance import ELLIPSIS, SENTENCE_END
from include.splitter.lines.cuts import Cut
from include.splitter.lines.patterns import contains
from include.splitter.roles.notices import read_patterns, read_phrases
from include.splitter.roles.reasons import REASONS

LONG_CHARS = 80  # shorter lines are judged as a whole (roles.notices)
TAIL_CHARS = 240  # searched at a paragraph's end
BOUNDARY = re.compile(r"[.!?…。！？\]][\"'”’»)]*\s+")


def find_tails(looked: pl.DataFrame) -> list[Cut]:
    """
    Find paywalls and links to the rest at the ends of paragraphs.

    Args:
        looked: columns at, text, chars.
    """
    long = looked.select("at", "text").filter(looked["chars"] >= LONG_CHARS)
    tail = long["text"].str.tail(TAIL_CHARS)
    words = read_phrases()["may"]["paywall"]
    more = rf"(?:{BOUNDARY.pattern})(?:{read_patterns()['more_last']})"
    may = tail.str.contains_any(words, ascii_case_insensitive=True) | contains(tail, f"(?i){more}")
    cuts = []
    for at, text in long.filter(may).rows():
        start, kind = _find_tail(text)
        if start:
            role = "promo" if kind == "paywall" else "navigation"
            cuts.append(Cut(at, start, len(text), role, REASONS[kind]))
    return cuts


def ignore_tails(looked: pl.DataFrame, tails: list[Cut]) -> pl.DataFrame:
    """Recompute `ends` and `cut` of paragraphs that end in notices, without the notices."""
    if not tails:
        return looked
    at = pl.Series([tail.at for tail in tails], dtype=pl.UInt32)
    own = looked["text"].gather(at).to_list()
    last = pl.Series(
        [text[: tail.start].rstrip()[-8:] for text, tail in zip(own, tails, strict=True)]
    )
    return looked.with_columns(
        looked[name].scatter(at, contains(last, pattern))
        for name, pattern in (("ends", SENTENCE_END), ("cut", ELLIPSIS))
    )


def _find_tail(text: str) -> tuple[int, str]:
    """Return where the notices at a text's end begin (0: none), and the kind of the first."""
    begin, kind = 0, ""
    since = max(0, len(text) - TAIL_CHARS)
    for match in reversed(list(BOUNDARY.finditer(text, since))):
        sentence = text[match.end() : begin or len(text)]
        of_sentence = next((k for k, pattern in _kinds().items() if pattern.match(sentence)), None)
        if of_sentence is None:
            break
        begin, kind = match.end(), of_sentence
    return begin, kind


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    patterns = read_patterns()
    return {"paywall": re.compile(patterns["paywall_start"]), "more": re.compile(patterns["more"])}
