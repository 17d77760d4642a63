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
PARTS = re.compile(
    r"(?:\s(?:on|am|le|el|il|em|op|den))?\s*[|•·]\s*|\s[/–—]\s|\s{3,}|\t"
)  # of a line, each with its own sign
DEGREES = re.compile(  # behind a name
    r"(?:,?\s(?:Ph\.?\s?D\.?|M\.?D\.?|MPH|RDN?|RN|LD|CLC|MBA|MSc?|BSc?|CPT|NSCA-CPT|DVM|DDS|JD|Esq\.?))+$"
)
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
    parts = PARTS.split(line)
    for part in (line, *parts) if len(parts) > 1 else (line,):
        sure, rest = _after_sign(part)
        if rest is not None and (names := _take_names(_without_title(rest), sure, agencies)):
            return names
    return _take_names(_without_title(line), False, agencies) if is_name else None


def read_bio(text: str) -> str | None:
    """Quote the name at the start of an author box: «Ann Lee is a reporter»."""
    text = _patterns()["about"].sub("", text).lstrip()
    words = text.split(" ")
    small = _words("small")
    count = 0
    while count < min(len(words), MOST_WORDS) and WORD.fullmatch(words[count].rstrip(",")):
        if words[count][0].islower() and (not count or words[count] not in small):
            break
        count += 1
        if words[count - 1].endswith(","):
            break
    name = " ".join(words[:count]).rstrip(",")
    return name if is_name(name) else None


def without_degrees(text: str) -> str:
    """Strip bullets before a name, and degrees behind it: «• Ann Lee MS, RDN»."""
    return DEGREES.sub("", text.strip(" \t•*-–—,|"))


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
    text = without_degrees(text)
    text = _without_agency(text, agencies)
    end, start = 0, 0
    joins = _words("join")
    while start < len(text):
        cut = SEPARATOR.search(text, start)
        part = text[start : cut.start() if cut else len(text)]
        pieces = re.split(rf"(?:^|\s)(?:{'|'.join(map(re.escape, joins))})\s", part)
        opens = len(pieces) > 1 and not pieces[0]  # «…, and Bo Ray»
        pieces = pieces[opens:]
        if not all(_is_signature(piece, sure, agencies) for piece in pieces):
            break
        joined = opens or len(pieces) > 1
        if start == 0 or joined or part.strip().casefold() in agencies:
            end = start + len(part)
        comma = cut is not None and text[cut.start() : cut.end()].strip() == ","
        if cut is None or not comma:
            break
        start = cut.end()
    return PLACE.sub("", text[:end]).strip(" .,") or None


def _without_agency(text: str, agencies: frozenset[str]) -> str:
    """Strip an agency that follows a name without a comma: «Ann Lee The Associated Press»."""
    folded = text.casefold()
    for agency in agencies:
        if len(agency) > 3 and folded.endswith(f" {agency}"):
            bare = text[: -len(agency)].rstrip()
            return re.sub(r"\s+[Tt]he$", "", bare)
    return text


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
        "by": re.compile(
            rf"{AHEAD}(?:(?i:{any_of('by')})\s+|(?i:(?:{any_of('genre')})\sby\s+)"
            r"|By(?=[A-Z][a-z]+\s[A-Z]))"
        ),
        "about": re.compile(rf"(?i){AHEAD}(?:{any_of('about')})\b\W*"),
        "label": re.compile(rf"(?i)(?:^|[\s|•·])(?:{any_of('label')})\s?[:：]\s?"),
        "posted": re.compile(
            rf"(?i)(?:{AHEAD}|\]\s)(?:{any_of('published')})\W+(?:\w{{1,3}}\W+)?(?:{any_of('by')})\s+"
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
