"""
Cut a text into sentences, at full stops and line ends.
"""

import re
from collections.abc import Set as AbstractSet

END = re.compile(r"[.!?…]+[\"'”’»“)\]]*(?=\s+[\"'“‘«„(\[¿¡]*[^\W\d_])|[。！？]+[”」』]?|\n+")
LAST_WORD = re.compile(r"[\w.]+$")
LONGEST = 2_000  # characters; bounds the work at each expression
Span = tuple[int, int]


def cut_sentences(text: str, abbreviations: AbstractSet[str]) -> list[Span]:
    """
    Give where each sentence starts and ends, without blanks around it.

    Args:
        abbreviations: words, in small letters, whose full stop ends no sentence.
    """
    spans: list[Span] = []
    start = 0
    for match in END.finditer(text):
        if match.group()[0] == "." and _goes_on(text, start, match, abbreviations):
            continue
        spans += _trim(text, start, match.end())
        start = match.end()
    return spans + _trim(text, start, len(text))


def _goes_on(text: str, start: int, match: re.Match[str], abbreviations: AbstractSet[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial or an ordinal number."""
    word = LAST_WORD.search(text, max(start, match.start() - 20), match.start())
    if word is None:
        return False
    low = word.group().lower()
    return len(low) == 1 or low in abbreviations or (low.isdigit() and len(low) <= 2)


def _trim(text: str, start: int, end: int) -> list[Span]:
    """Give the span without blanks at its ends, in parts if it is very long."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [(at, min(at + LONGEST, end)) for at in range(start, end, LONGEST)]
