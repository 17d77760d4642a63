"""
Extract the authors' names from a byline, quoted as they stand in the text.

Anything that may be a place, a job, an outlet or the start of a sentence is left out: precision
comes first.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

SIGNATURES = Path(__file__).with_name("signatures.toml")
MOST_WORDS = 5  # of one name
SEPARATOR = re.compile(r"\s*(?:[|•·–—(\[/:\n]|\s-\s|,(?=\s|$)|$)\s*|\s{2,}|\s(?=@)")
WORD = re.compile(r"[^\W\d_][\w.'’´`-]*", re.U)
PLACE = re.compile(r"\s(?:in|from|aus|à)(?:\s[^\W\d_a-z][\w.'’-]*)+$")  # «Ann Lee in Oslo»
AHEAD = r"^[\s\W]*"


def read_names(line: str, agencies: frozenset[str], is_name: bool = False) -> str | None:
    """
    Quote the names in a byline: «By Ann Lee and Bo Ray, Staff» gives two.

    Args:
        line: without its dates, see `without_dates`.
        agencies: lower-case names that count as authors as they are (dpa).
        is_name: the line is known to be a name, even without «By» or a label.
    Returns:
        One stretch of the line, or None if it does not look like names.
    """
    sure, rest = _after_sign(line)
    if rest is None:
        if not is_name:
            return None
        rest = _without_title(line)
    return _take_names(_without_title(rest), sure, agencies)


def is_name(text: str) -> bool:
    """Return whether a text looks like one person's name: two to five capitalised words."""
    words = text.split()
    return (
        2 <= len(words) <= MOST_WORDS and not has_title(text) and _count_words(words) == len(words)
    )


def has_title(text: str) -> bool:
    """Return whether a line ends in a job title: «Daniel Groth Redakteur»."""
    return _patterns()["title"].search(text) is not None


def _after_sign(line: str) -> tuple[bool, str | None]:
    """Give (is it labelled, the text after «By» or «Author:»); the text is None without either."""
    patterns = _patterns()
    label = patterns["label"].search(line)
    if label:
        return True, line[label.end() :]
    posted = patterns["posted"].search(line)
    if posted:
        return True, line[posted.end() :]
    by = patterns["by"].search(line)
    return False, line[by.end() :] if by else None


def _without_title(text: str) -> str:
    match = _patterns()["title"].search(text)
    return text[: match.start()].rstrip(" ,") if match else text


def _take_names(text: str, sure: bool, agencies: frozenset[str]) -> str | None:
    """Take the leading names; after a comma only an agency, or names before an «and»."""
    text = text.strip(" \t|•·-–—,")
    end, start = 0, 0
    joins = _words("join")
    while start < len(text):
        cut = SEPARATOR.search(text, start)
        part = text[start : cut.start() if cut else len(text)]
        pieces = re.split(rf"\s(?:{'|'.join(map(re.escape, joins))})\s", part)
        if not all(_is_signature(piece, sure, agencies) for piece in pieces):
            break
        joined = len(pieces) > 1
        if start == 0 or joined or part.strip().casefold() in agencies:
            end = start + len(part)
        comma = cut is not None and text[cut.start() : cut.end()].strip() == ","
        if cut is None or not comma:
            break
        start = cut.end()
    return PLACE.sub("", text[:end]).strip(" .,") or None


def _is_signature(piece: str, sure: bool, agencies: frozenset[str]) -> bool:
    words = PLACE.sub("", piece).split()
    if piece.strip().casefold() in agencies or (sure and len(words) == 1 and words[0].isalpha()):
        return True
    if not words or len(words) > MOST_WORDS or _count_words(words) != len(words):
        return False
    return len(words) > 1 or sure


def _count_words(words: list[str]) -> int:
    """Count the words a name may consist of: capitalised, caseless scripts, «van», «de»."""
    small = _words("small")
    return sum(
        bool(WORD.fullmatch(word)) and (not word[0].islower() or (at > 0 and word in small))
        for at, word in enumerate(words)
    )


@cache
def _words(key: str) -> tuple[str, ...]:
    """Give one list of signatures.toml."""
    return tuple(tomllib.loads(Path(SIGNATURES).read_text(encoding="utf-8"))[key])


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile the patterns for bylines, labels and titles."""

    def any_of(key: str) -> str:
        return "|".join(map(re.escape, sorted(_words(key), key=len, reverse=True)))

    return {
        "by": re.compile(rf"{AHEAD}(?:(?i:{any_of('by')})\s+|By(?=[A-Z][a-z]+\s[A-Z]))"),
        "label": re.compile(rf"(?i)(?:^|[\s|•·])(?:{any_of('label')})\s?[:：]\s?"),
        "posted": re.compile(
            rf"(?i){AHEAD}(?:{any_of('published')})\W+(?:\w{{1,3}}\W+)?(?:{any_of('by')})\s+"
        ),
        "title": re.compile(rf"(?i)[\s,]+(?:{any_of('title')})\b.*$"),
        "published": re.compile(rf"(?i)(?<!\w)(?:{any_of('published')})(?!\w)"),
        "updated": re.compile(rf"(?i)(?<!\w)(?:{any_of('updated')})(?!\w)"),
        "read": re.compile(rf"(?i)[\d\s]*(?:{any_of('read')})\b:?.*$"),
    }


def label_before(text: str) -> str:
    """Classify a date by the words before it: published, updated, or an empty string."""
    labels = [
        (match.start(), name)
        for name in ("published", "updated")
        for match in _patterns()[name].finditer(text)
    ]
    return max(labels)[1] if labels else ""


def without_reading_time(text: str) -> str:
    """Strip the reading time: «Ann Lee 2 minutes read»."""
    return _patterns()["read"].sub("", text)
