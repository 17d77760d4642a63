"""
Find dates before or after a headline in its line, which are not part of the headline.

«05-Nov-98: A new board», «[25 Apr] Wanted: a coach», «Plans for the mill (31 August 1997)». A date
without a colon, dash, bracket or gap beside it is part of the headline.
"""

import re
from collections.abc import Iterable, Iterator

from include.splitter.lines.cuts import Cut
from include.splitter.roles.reasons import REASONS

LETTER = r"[^\W\d_]"
MONTH = rf"{LETTER}{{3,12}}\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th|º|\.)?"
CLOCK = r"\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?"
DATE = (
    rf"(?:{LETTER}{{2,12}}\.?,?\s+)?(?:"
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}\.?|\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:\d{4}|\d\d)"
    rf"|{DAY}[\s-]+{MONTH}[\s,-]+(?:\d{{4}}|\d\d)|{MONTH}\s{DAY},?\s+\d{{4}}"
    rf")(?!\d)(?:,?\s+{CLOCK})?"
)
BRACKETED = rf"[\[(]\s*(?:{DATE}|{DAY}\s{MONTH}|{MONTH}\s{DAY}|{CLOCK})\s*[\])]"
ABOVE = re.compile(
    rf"[\s•*–—-]*(?:{BRACKETED}(?:\s*[-–—:|])?|(?:{DATE}|{CLOCK})(?:\s*[-–—:|](?=\s)|\t|\s{{2,}}|:|\s-))"
    rf"\s*(?=\S)(?!{CLOCK})", re.I,
)  # fmt: skip
BELOW = re.compile(rf"\s*(?:{BRACKETED}|(?:\t|\s{{2,}})\s*{DATE}(?:\s*\t\s*\S{{1,12}})*)\s*$", re.I)
DIGIT = re.compile(r"\d")  # in every date
WORDS = re.compile(rf"{LETTER}{{2}}|[\u0e00-\u9fff]")  # what is left has to be a headline
MOST_CHARS = 300  # longer lines are no headlines


def find_headline_dates(headlines: Iterable[tuple[int, str]]) -> Iterator[Cut]:
    """Give the dates at the edges of headlines as cuts; headlines: line indices and texts."""
    for at, text in headlines:
        if len(text) > MOST_CHARS or not DIGIT.search(text):
            continue
        above, below = ABOVE.match(text), BELOW.search(text)
        begin = above.end() if above else 0
        end = below.start() if below and below.start() > begin else len(text)
        if not WORDS.search(text[begin:end]):
            continue
        for start, until in ((0, begin), (end, len(text))):
            if start < until:
                yield Cut(at, start, until, "dateline", REASONS["dateline"])
