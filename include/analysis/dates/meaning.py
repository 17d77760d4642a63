"""
What an expression of time is resolved against, and what it then means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

DATE, TIME, DURATION, SET = "date", "time", "duration", "set"
TEXT, PUBLISHED, UNRESOLVED = "text", "published_at", "unresolved"
YEARS = {"Y10": 10, "Y100": 100}  # units of several years
Values = Mapping[str, Any]  # what each group of a rule matched, and the rule's own values


@dataclass(frozen=True)
class Context:
    """
    What an expression is resolved against.

    anchor: the story's date; None if unknown. leans: 1 if the sentence speaks of the future, -1 of
    the past, 0 if unclear. quarter: the quarter that the text named last. day: the day that it
    named last in this sentence or the one before.
    """

    anchor: date | None
    leans: int = 0
    quarter: str | None = None
    day: str | None = None


@dataclass(frozen=True)
class Meaning:
    """What an expression names. value: None if it is relative to a date that is unknown."""

    kind: str
    value: str | None
    resolved_from: str
