"""
Find the dates, periods and durations that a text names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.analysis.dates.grammar import Grammar, Rule, read_grammar
from include.analysis.dates.meaning import Context, Meaning
from include.analysis.dates.resolve import RESOLVERS
from include.analysis.dates.sentences import Span, cut_sentences
from include.analysis.dates.shortcuts import find_present

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)
TABLES = {"many": "unit", "part2": "part"}  # groups whose words are in another group's table
DAY = re.compile(r"\d{4}-\d\d-\d\d")
WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Mention:
    """An expression in a text, with its sentence; offsets into the text."""

    start: int
    end: int
    sentence: Span
    meaning: Meaning


@dataclass(frozen=True)
class _Match:
    start: int
    end: int
    rule: Rule
    values: Mapping[str, Any]


def find_dates(text: str, language: str, anchor: date | None) -> list[Mention]:
    """
    Find the expressions of time in a text, in order; they do not overlap.

    Args:
        language: ISO 639-1. anchor: the story's date, to resolve «on Friday».
    """
    grammar = read_grammar(language)
    plain = text.translate(DIGITS)
    mentions: list[Mention] = []
    quarter: str | None = None
    days_before: list[str] = []  # that the sentence before named
    for sentence in cut_sentences(plain, grammar.abbreviations, grammar.dotted_ordinals):
        days: list[str] = []
        for match in _choose(_matches(plain, sentence, grammar)):
            leans = _lean(plain, sentence, match, grammar)
            last_day = next(reversed(days or days_before), None)
            context = Context(anchor, leans, quarter, last_day)
            meaning = _resolve(match, context)
            if meaning is None:
                continue
            if meaning.value and "-Q" in meaning.value and match.rule.gives == "calendar":
                quarter = meaning.value
            if meaning.value and DAY.match(meaning.value):
                days.append(meaning.value[:10])
            mentions.append(Mention(match.start, match.end, sentence, meaning))
        days_before = days
    return mentions


def _resolve(match: _Match, context: Context) -> Meaning | None:
    try:
        return RESOLVERS[match.rule.gives](match.values, context)
    except (ValueError, OverflowError):  # no such day or year
        return None


def _matches(text: str, sentence: Span, grammar: Grammar) -> Iterator[_Match]:
    present = find_present(text[slice(*sentence)], grammar.telling)
    if present is None:
        return
    for rule in grammar.rules:
        if not rule.needs <= present:
            continue
        for match in rule.pattern.finditer(text, *sentence):
            values = _read_groups(match, grammar)
            if values is not None:
                yield _Match(match.start(), match.end(), rule, {**values, **rule.fixed})


def _read_groups(match: re.Match[str], grammar: Grammar) -> dict[str, Any] | None:
    """Give what each matched group means; None if a word means nothing: «MİN»."""
    values: dict[str, Any] = {}
    for name, matched in match.groupdict().items():
        if matched is None:
            continue
        meanings = grammar.meanings.get(TABLES.get(name, name))
        if meanings is None:
            values[name] = matched
        elif name == "n" and matched[0].isdigit():
            values[name] = float(matched.replace(",", "."))
        elif matched.lower() in meanings:
            values[name] = meanings[matched.lower()]
        else:
            return None
    return values


def _choose(matches: Iterator[_Match]) -> Iterator[_Match]:
    """Choose matches that do not overlap: the first, of these the longest, of these the first."""
    end = 0
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        if match.start >= end:
            yield match
            end = match.end


def _lean(text: str, sentence: Span, match: _Match, grammar: Grammar) -> int:
    """
    Tell whether the sentence speaks of the future (1) or the past (-1) at an expression.

    The nearest telling word before it decides, else the first after it.
    """
    before = WORD.findall(text[sentence[0] : match.start].lower())
    after = WORD.findall(text[match.end : sentence[1]].lower())
    for word in (*reversed(before), *after):
        if word in grammar.future:
            return 1
        if word in grammar.past or grammar.past_forms.fullmatch(word):
            return -1
    return 0
