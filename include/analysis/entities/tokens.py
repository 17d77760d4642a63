"""
Cut a body into tokens and sentences for the tagger.
"""

import re
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[ODMod]['’][^\W\d_]\w+"  # O'Brien, D'Angelo
    r"|['’]s\b"
    r"|\w+(?:[-.&/]\w+)*"
    r"|\n+"
    r"|[^\w\s]"
)
ARABIC = re.compile(r"(?:a[dlnrstz]|ash|el|ed|es)-[^\W\d_a-z]")  # al-Assad
ENDS = frozenset(".!?…")
ABBREVIATIONS = frozenset((
    "mr", "mrs", "ms", "dr", "sen", "rep", "gov", "gen", "st", "jr", "sr", "prof", "lt", "col",
    "sig",
))  # fmt: skip
REPEATED = re.compile(r"(.)\1+")
LONGEST_CACHED = 40  # characters of a word; longer ones recur too rarely to be worth the memory
LONGEST = 200  # tokens of a sentence; bounds what a missing full stop costs


class Token(NamedTuple):
    """A word or a mark; offsets into the body. shape: X for capitals, x for small letters, d."""

    start: int
    end: int
    text: str
    low: str
    shape: str
    is_capital: bool


def cut_sentences(body: str) -> list[list[Token]]:
    """Give the sentences of a body as lists of tokens."""
    sentences: list[list[Token]] = [[]]
    for match in TOKEN.finditer(body):
        text = match.group()
        current = sentences[-1]
        if text[0] == "\n":
            if current:
                sentences.append([])
            continue
        ended = current and _ends(current) and (text[0].isupper() or not text[0].isalnum())
        closes = text in "\"'”’»)" and len(text) == 1
        if (ended and not closes) or len(current) >= LONGEST:
            current = []
            sentences.append(current)
        current.append(_token(match.start(), match.end(), text))
    return [sentence for sentence in sentences if sentence]


def _ends(tokens: list[Token]) -> bool:
    last = tokens[-1].text
    if last in "\"'”’»)" and len(tokens) > 1:
        return tokens[-2].text in ENDS
    if last not in ENDS:
        return False
    before = tokens[-2] if len(tokens) > 1 else None
    return not (before and (before.low in ABBREVIATIONS or len(before.text) == 1))


def _token(start: int, end: int, text: str) -> Token:
    known = _describe(text) if len(text) <= LONGEST_CACHED else _describe.__wrapped__(text)
    return Token(start, end, text, *known)


@lru_cache(maxsize=2**16)
def _describe(text: str) -> tuple[str, str, bool]:
    """Give a word in small letters, its shape, and whether it has a capital."""
    shape = "".join(_shape(letter) for letter in text[:12])
    capital = text[0].isupper() or ARABIC.match(text) is not None
    return text.lower(), REPEATED.sub(r"\1", shape), capital


def _shape(letter: str) -> str:
    if letter.isupper():
        return "X"
    if letter.isdigit():
        return "d"
    return "x" if letter.isalpha() else letter
