r"""
The expressions of time of each language, as data.

A table in `languages/` has:
- `tables`: words in small letters, each with what it means; `{shift}` in a rule stands for one of
  the words of `tables.shift`, in any case. `names`: the same for words that take a capital letter,
  numbered from 1. `{month}` stands for a month, from `include/months.toml`.
- `parts`: pieces of a pattern for use in several rules. `{d}` is a day, `{y}` a year.
- `rule`: `find`, a regular expression; `gives`, the function of `resolve.py` that reads it;
  `glued`: letters may stand next to it; other keys are given to that function as they are.
- `triggers`: one of these, or of the words of the tables `TELLING`, is in whatever a rule matches
  that needs no digit.
- `dotted_ordinals`: whether a full stop makes a number an ordinal (3. Mai).
- `future`, `past`: words that show where an expression without a year or week lies; `past_forms`, a
  regular expression for forms of verbs in the past.

A language without a table has the rules of `world.toml`: dates with a month's name.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from include.analysis.dates.shortcuts import find_needs, find_telling
from include.errors import DataFileInvalid
from include.months import read_months

FOLDER = Path(__file__).with_name("languages")
WORLD, DIGITS = "world", "digits"
PLACE = re.compile(r"\{([a-z]\w*)\}")  # and not {1,2}
DAY = r"(?P<d>(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?!\d))"
YEAR = r"(?P<y>(?<![\d,.$€£])(?:1[5-9]|20)\d\d(?!\d|[,.]\d))"
NUMBER = r"(?<![\d,.$€£])\d{1,4}(?:[.,]\d)?"
LONG_NAME = 4  # letters; shorter names of months are words of other meanings too
OPTIONS = ("find", "gives", "glued")
KEYS = {
    "future",
    "past",
    "past_forms",
    "abbreviations",
    "dotted_ordinals",
    "names",
    "tables",
    "parts",
    "triggers",
    "rule",
}


@dataclass(frozen=True)
class Rule:
    """
    One form of an expression.

    needs: tables of which a word is in whatever it matches, and A_DIGIT. fixed: what it means
    beyond the words that it matched.
    """

    pattern: re.Pattern[str]
    gives: str
    needs: frozenset[str]
    fixed: Mapping[str, Any]


@dataclass(frozen=True)
class Grammar:
    """
    The expressions of one language.

    meanings: by the name of a group, what each word means, in small letters.
    telling: words, in small letters, with the tables that have them; a rule without needs matches
    nothing where none of them is.
    """

    rules: tuple[Rule, ...]
    meanings: Mapping[str, Mapping[str, Any]]
    telling: Mapping[str, frozenset[str]]
    future: frozenset[str]
    past: frozenset[str]
    past_forms: re.Pattern[str]
    abbreviations: frozenset[str]
    dotted_ordinals: bool


@cache
def read_grammar(language: str) -> Grammar:
    """
    Give the grammar of a language (ISO 639-1).

    Raises:
        DataFileInvalid: a table has an unknown key, or a rule a name that nothing explains.
    """
    own = FOLDER / f"{language}.toml"
    has_own = language.isalpha() and language not in (WORLD, DIGITS) and own.is_file()
    path = own if has_own else FOLDER / f"{WORLD}.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := set(table) - KEYS:
        raise DataFileInvalid(f"key in {path.name}", unknown, f"Use only {sorted(KEYS)}.")
    meanings: dict[str, Mapping[str, Any]] = dict(table.get("tables", {}))
    for name, lines in table.get("names", {}).items():
        meanings[name] = _number(lines)
    months = read_months()
    english = {} if has_own else months["en"]
    meanings["month"] = {**english, **months.get(language, {})}
    long_months = {m: n for m, n in meanings["month"].items() if len(m) >= LONG_NAME}
    meanings["long_month"] = long_months
    capitals = {*table.get("names", {}), *({"month", "long_month"} if has_own else ())}
    parts = table.get("parts", {})
    pieces = {"d": DAY, "y": YEAR, **parts}
    pieces |= {n: _alternatives(n, words, n in capitals) for n, words in meanings.items()}
    digits = tomllib.loads((FOLDER / f"{DIGITS}.toml").read_text(encoding="utf-8"))
    raws = (*table["rule"], *digits["rule"])
    rules = tuple(_rule(raw, parts, pieces, path.name) for raw in raws)
    return Grammar(
        rules=rules,
        meanings=meanings,
        telling=find_telling(table["triggers"], meanings),
        future=frozenset(table["future"].split()),
        past=frozenset(table["past"].split()),
        past_forms=re.compile(table["past_forms"]),
        abbreviations=frozenset(table["abbreviations"].split()),
        dotted_ordinals=table["dotted_ordinals"],
    )


def _number(lines: list[str]) -> dict[str, int]:
    return {word: number for number, line in enumerate(lines, 1) for word in line.split()}


def _alternatives(name: str, words: Mapping[str, Any], are_names: bool) -> str:
    """Give a group that matches any of the words; names only with their capital letter."""
    by_length = sorted(words, key=len, reverse=True)
    if are_names:
        forms = [form for word in by_length for form in (word.capitalize(), word.upper())]
        return f"(?P<{name}>(?-i:{'|'.join(map(re.escape, forms))}))"
    forms = [*map(re.escape, by_length), *([NUMBER] if name == "n" else [])]
    return f"(?P<{name}>{'|'.join(forms)})"


def _rule(
    raw: Mapping[str, Any], parts: Mapping[str, str], pieces: Mapping[str, str], file: str
) -> Rule:
    fixed = {key: value for key, value in raw.items() if key not in OPTIONS}
    text = raw["find"]
    try:
        while parts.keys() & PLACE.findall(text):
            text = PLACE.sub(lambda match: parts.get(match[1], match[0]), text)
        needs = find_needs(text)
        while PLACE.search(text):
            text = PLACE.sub(lambda match: pieces[match[1]], text)
        whole = text if raw.get("glued") else rf"(?<!\w)(?:{text})(?!\w)"
        pattern = re.compile(whole, re.I)
    except (KeyError, re.error) as exc:
        raise DataFileInvalid(f"rule in {file}", raw["find"], f"Mend the pattern: {exc}.") from exc
    return Rule(pattern, raw["gives"], needs, fixed)
