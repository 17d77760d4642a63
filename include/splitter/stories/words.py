"""
Count the words of texts in any script.

A word is a run of letters, digits and their marks (vowel signs, accents). Chinese, Japanese, Thai,
Lao, Khmer and Burmese put no spaces between words: ICU's dictionaries find them there. Invisible
hyphens and joiners do not split a word.
"""

import unicodedata
from collections import Counter
from itertools import chain, groupby

import polars as pl
from icu4py.breakers import WordBreaker

from include.splitter.lines.patterns import count_matches, extract_all

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width blanks and joiners
WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*"
UNSPACED = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{M}ー]*"
)


def _list_marks() -> str:
    """Give all combining marks as the inside of a class of Python's `re`, which has no \\p{M}."""
    codes = chain(range(0x20000), range(0xE0000, 0xE1000))  # no other plane has marks
    is_mark = ((unicodedata.category(chr(code)).startswith("M"), code) for code in codes)
    runs = (list(run) for key, run in groupby(is_mark, lambda pair: pair[0]) if key)
    return "".join(f"\\U{run[0][1]:08x}-\\U{run[-1][1]:08x}" for run in runs)


MARKS = _list_marks()


def count_words(texts: pl.Series) -> list[int]:
    """Count the words of each text; n ≥ 0 texts, without nulls."""
    visible = texts.str.replace_all(f"[{UNSEEN}]", "")
    spaced = count_matches(visible.str.replace_all(UNSPACED, " "), WORD)
    unspaced = extract_all(visible, UNSPACED)
    return [
        words + _count_segments(runs)
        for words, runs in zip(spaced.to_list(), unspaced.to_list(), strict=True)
    ]


def _count_segments(runs: list[str]) -> int:
    """
    Count the words of runs without blanks; the locale does not matter to the dictionaries.

    A line feed between runs keeps them apart, marks at their starts included.
    """
    parts = Counter(WordBreaker("\n".join(runs), "en")) if runs else Counter[str]()
    return sum(count for part, count in parts.items() if any(map(str.isalnum, part)))
