"""
Read a story's fields from its parts: credits, agencies, outlet, date, id.

A field quotes what stands in the text; what does not stand there is null, never guessed.
"""

import hashlib
import re
from datetime import UTC, datetime
from functools import cache

import polars as pl

from include.stories.lexicon import FOLDER

LETTER = r"[^\W\d_]"
CREDIT = re.compile(  # Python's: Rust's takes ten times as long to tell the groups apart
    r"(?:\(([^()]{2,60})\)"
    r"|(?:©|foto:|fotos:|bild:|photo:|photograph:|credit:|picture:)\s*(.{2,60})"
    rf"|\b((?:{LETTER}+(?:[ -]{LETTER}+){{0,3}}/)?(?:epa|afp|ap|reuters|dpa|getty images)"
    rf"(?:\s?/\s?(?:{LETTER}|[/ ]){{2,40}})?))\s*$",
    re.I,
)
MAY_CREDIT = (  # Rust syntax; stands in every CREDIT
    r"(?i)\)\s*$|©|(?:foto|fotos|bild|photo|photograph|credit|picture):"
    r"|(?:^|\PL)(?:epa|afp|ap|reuters|dpa|getty images)(?:\s?/[\s\p{L}/]*|\s*)$"
)
CREDIT_CHARS = 90  # of a caption's end are looked at
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro januari",
            "feb february februar février febrero febbraio fevereiro februari",
            "mar march märz mars marzo março maart",
            "apr april avril abril aprile",
            "may mai mayo maggio maio mei maj",
            "jun june juni juin junio giugno junho",
            "jul july juli juillet julio luglio julho",
            "aug august août agosto augustus augusti",
            "sep sept september septembre septiembre settembre setembro",
            "oct october oktober octobre octubre ottobre outubro okt",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre diciembre dicembre dezembro desember dez",
        ),
        1,
    )
    for name in names.split()
}
DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})"),
    re.compile(r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d\d)\b"),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(?P<n>[^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(?P<y>(?:19|20)\d\d)\b"
    ),
    re.compile(
        r"\b(?P<n>[^\W\d_]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b"
    ),
)
TIME = re.compile(
    r"\b(?P<h>[01]?\d|2[0-3])[:.](?P<min>[0-5]\d)\b(?:\s*(?P<half>[ap])\.?m\b)?", re.I
)


def add_credit(pieces: pl.DataFrame) -> pl.DataFrame:
    """Add `credit`: who took a caption's picture, as the caption's end says; null elsewhere."""
    captions = (pieces["role"] == "caption").arg_true()
    ends = pieces["text"].gather(captions).str.tail(CREDIT_CHARS)
    may = ends.str.contains(MAY_CREDIT).arg_true()
    read = {end: _read_credit(end) for end in set(ends.gather(may))}  # most stand twice and more
    told = pl.Series([read[end] for end in ends.gather(may)], dtype=pl.String)
    none = pl.Series("credit", [None], pl.String).new_from_index(0, len(pieces))
    return pieces.with_columns(none.scatter(captions.gather(may), told))


def _read_credit(end: str) -> str | None:
    match = CREDIT.search(end)
    return next(filter(None, match.groups())).strip() if match else None


@cache
def agency_pattern() -> str:
    """Give the expression (Rust syntax) that finds credited agencies by their names."""
    names = (FOLDER / "agencies.txt").read_text(encoding="utf-8").split("\n")
    known = sorted(filter(None, names), key=len, reverse=True)
    return rf"(?:^|[\s(/\[—–-])({'|'.join(map(re.escape, known))})(?:$|[\s)/\],.:;—–-])"


def read_agencies(body: pl.Expr) -> pl.Expr:
    """Give the agencies a body names at its ends: first 300 and last 120 characters, each once."""
    ends = pl.concat_str(body.str.head(300), pl.lit(" "), body.str.tail(120))
    found = ends.str.extract_all(agency_pattern())
    names = found.list.eval(pl.element().str.strip_chars(" \n\t()/[],.:;—–-"))
    return names.list.unique().list.sort()


def read_date(line: str | None) -> tuple[datetime | None, str | None]:
    """
    Read when a story was published from its date line.

    Returns:
        The time (UTC is assumed, a zone is rarely told) and its precision, day or minute;
        (None, None) where no whole date stands. Ages («a day ago») are no date.
    """
    for pattern in DATES:
        match = pattern.search(line or "")
        if match is None:
            continue
        parts = match.groupdict()
        month = MONTHS.get(parts["n"].lower()) if "n" in parts else int(parts["m"])
        try:
            day = datetime(int(parts["y"]), month or 0, int(parts["d"]), tzinfo=UTC)
        except ValueError:
            continue
        return _add_time(day, (line or "")[match.end() :] or "")
    return None, None


def _add_time(day: datetime, rest: str) -> tuple[datetime, str]:
    match = TIME.search(rest)
    if match is None:
        return day, "day"
    hour = (
        int(match["h"]) % 12 + 12 * (match["half"].lower() == "p")
        if match["half"]
        else int(match["h"])
    )
    return day.replace(hour=hour, minute=int(match["min"])), "minute"


def story_id(page_id: str, body_start: int) -> str:
    """Give a story's id: 24 hex digits, from the page's bytes and where its body begins."""
    return hashlib.sha256(f"{page_id}:{body_start}".encode()).hexdigest()[:24]
