"""
Cut a text into sentences, at full stops and line ends.
"""

import re
from collections.abc import Set as AbstractSet

END = re.compile(r"[.!?…]+[\"'”’»“)\]]*(?=\s+[\"'“‘«„(\[¿¡]*[^\W\d_])|[。！？]+[”」』]?|\n+")
LAST_WORD = re.compile(r"[\w.]+$")
LONGEST = 2_000  # characters; bounds the work at each expression
LONGEST_ORDINAL = 2  # digits; longer numbers end sentences
Span = tuple[int, int]


def cut_sentences(
    text: str, abbreviations: AbstractSet[str], dotted_ordinals: bool = False
) -> list[Span]:
    """
    Give where each sentence starts and ends, without blanks around it.

    Args:
        abbreviations: words, in small letters, whose full stop ends no sentence.
        dotted_ordinals: whether the full stop of a short number ends none either (3. Mai).
    """
    spans: list[Span] = []
    start = 0
    for match in END.finditer(text):
        if match.group()[0] == "." and _goes_on(text, start, match, abbreviations, dotted_ordinals):
            continue
        spans += _trim(text, start, match.end())
        start = match.end()
    return spans + _trim(text, start, len(text))


def _goes_on(
    text: str,
    start: int,
    match: re.Match[str],
    abbreviations: AbstractSet[str],
    dotted_ordinals: bool,
) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial or an ordinal number."""
    word = LAST_WORD.search(text, max(start, match.start() - 20), match.start())
    if word is None:
        return False
    low = word.group().lower()
    if low.isdigit():
        return dotted_ordinals and len(low) <= LONGEST_ORDINAL
    return len(low) == 1 or low in abbreviations


def _trim(text: str, start: int, end: int) -> list[Span]:
    """Give the span without blanks at its ends, in parts if it is very long."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [(at, min(at + LONGEST, end)) for at in range(start, end, LONGEST)]
