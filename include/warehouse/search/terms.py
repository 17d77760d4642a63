"""
Cut texts into search terms: words without case or accents.

Chinese and Japanese are cut into characters, and several of them are searched as a phrase: a
dictionary cuts by context (ICU makes 東京 and 都 of 東京都, but 東京 and 都庁 of 東京都庁), so that
some words would be missed. Thai, Lao, Khmer and Burmese are cut into words by ICU.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import WordBreaker

LONGEST = 64  # characters; a longer term is an address or a code, and is cut off
CHARACTERS = (
    "\u3005-\u3007\u3040-\u3096\u309d-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
DICTIONARY = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens, joiners and blanks of no width
# Marks that writers may leave out: accents of Latin, Greek and Cyrillic; Hebrew points; Arabic
# vowels and tatweel. The vowel signs of other scripts tell words apart.
ACCENTS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c2\u0640\u064b-\u065f\u0670"
SIGNS = "\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0981-\u0ddf\u3099\u309a"  # of India, and kana
LETTER = rf"[^\W_{CHARACTERS}{DICTIONARY}]"
WORD = re.compile(
    rf"[{CHARACTERS}]|[{DICTIONARY}]+|{LETTER}+(?:[{ACCENTS}{SIGNS}{UNSEEN}]+{LETTER}*)*"
)
DROPPED = re.compile(rf"[{ACCENTS}{UNSEEN}\s]")
IN_DICTIONARY = re.compile(f"[{DICTIONARY}]")
# Texts with none of these, such as Western ones, are cut by the plain pattern, three times as fast.
NOT_PLAIN = re.compile("[\u00ad\u0300-\u1fff\u200b-\u200d\u2060\u2c00-\U0010ffff]")
PLAIN_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart; casefold has made them small.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class Term(NamedTuple):
    """A term, and where it is in its text: characters, end exclusive."""

    text: str
    start: int
    end: int


def list_terms(text: str) -> list[str]:
    """List the terms of a text, in order."""
    if NOT_PLAIN.search(text) is None:
        return list(map(fold, PLAIN_WORD.findall(text)))
    if IN_DICTIONARY.search(text) is None:
        return list(filter(None, map(fold, WORD.findall(text))))
    return [term.text for term in find_terms(text)]


def find_terms(text: str) -> Iterator[Term]:
    """Give the terms of a text with their places, in order."""
    if NOT_PLAIN.search(text) is None:
        for match in PLAIN_WORD.finditer(text):
            yield Term(fold(match[0]), match.start(), match.end())
        return
    for match in WORD.finditer(text):
        at = match.start()
        for part in _cut(match[0]):
            term = fold(part)
            if term:
                yield Term(term, at, at + len(part))
            at += len(part)


@lru_cache(maxsize=200_000)  # the vocabulary of some 50,000 stories; 30 MB
def fold(word: str) -> str:
    """Remove case and accents; '' if nothing is left."""
    if word.isascii():
        return word.lower()[:LONGEST]
    apart = DROPPED.sub("", unicodedata.normalize("NFKD", word))
    plain = unicodedata.normalize("NFKD", apart.casefold()).translate(PLAIN)
    return unicodedata.normalize("NFC", DROPPED.sub("", plain))[:LONGEST]


def _cut(word: str) -> list[str]:
    """Cut a run of a script without blanks by ICU's dictionary; any other word is one part."""
    if not IN_DICTIONARY.match(word):
        return [word]
    return [str(part) for part in WordBreaker(word, "en")]
