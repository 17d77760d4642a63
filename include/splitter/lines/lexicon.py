"""
The phrase lists: what site text says, per language, as data.

A phrase is evidence and never overrules structure (see `roles`). The lists are in `lexicon/*.toml`;
all languages are matched at once, since pages mix them.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.errors import DataFileInvalid

FOLDER = Path(__file__).with_name("lexicon")
KEYS = {"line", "start", "inside"}
TRAILING = r"[\s\W\d]*"  # «Comments (12)», «Related articles:», «No comments yet...»


@dataclass(frozen=True)
class Phrases:
    """One family and the regular expression (Rust syntax) that matches its lines."""

    family: str
    pattern: str


@cache
def _read_lists() -> dict[str, dict[str, list[str]]]:
    """
    Read all languages' lists: family to key to phrases.

    Raises:
        DataFileInvalid: a list has a key that the lexicon does not know.
    """
    lists: dict[str, dict[str, list[str]]] = {}
    for path in sorted(FOLDER.glob("*.toml"), key=lambda p: (p.stem != "en", p.stem)):
        for family, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if unknown := set(entry) - KEYS:
                raise DataFileInvalid(f"key in {path.name}", unknown, f"Use one of {sorted(KEYS)}.")
            for key in ("line", "start", "inside"):
                lists.setdefault(family, {}).setdefault(key, []).extend(entry.get(key, []))
    return lists


def read_phrases(family: str, key: str) -> frozenset[str]:
    """Give one family's phrases of one key (line, start or inside), in lower case."""
    return frozenset(_read_lists()[family][key])


@cache
def read_lexicon() -> tuple[Phrases, ...]:
    """Give one regular expression per family, in the order of en.toml."""
    return tuple(Phrases(family, _one_pattern(lists)) for family, lists in _read_lists().items())


def _one_pattern(lists: dict[str, list[str]]) -> str:
    """Join a family's phrases into one alternation (Rust regex syntax, case-insensitive)."""
    parts = []
    if lists["line"]:
        parts.append(rf"^[\W\d]*(?:{_any(lists['line'])}){TRAILING}$")
    if lists["start"]:
        parts.append(rf"^[\W\d]*(?:{_any(lists['start'])})")
    if lists["inside"]:
        parts.append(rf"(?:{_any(lists['inside'])})")
    return f"(?i){'|'.join(parts)}"


def _any(phrases: list[str]) -> str:
    return "|".join(
        re.escape(phrase) for phrase in sorted(set(phrases), key=lambda p: (-len(p), p))
    )
