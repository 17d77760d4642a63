"""
The form under a review case: its fields, empty or as a reviewer filled them in before.

Airflow's form keeps its buttons disabled while a field whose type leaves out `null` is empty, and
checks neither patterns nor lengths (3.3.2). So every field may be null, what can be chosen from a
list is, and an answer is checked as soon as it arrives (`review_tasks.AskOperator`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.sdk import Param

TEXT = ["null", "string"]
FORMAT_DATE = {"format": "date"}  # Airflow shows a calendar
LABEL_CHARS = 60  # of a headline in the list of stories
FACT_FIELDS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("date", "Right date", "of the stories chosen; split their pages again with it", FORMAT_DATE),
    ("outlet", "Right outlet", "who published the stories chosen", {}),
    ("byline", "Right byline", "the names alone", {}),
    ("headline", "Right headline", "choose the one story it is of", {}),
)


def make_form(count: int, given: Mapping[str, Any], labels: Sequence[str] = ()) -> dict[str, Param]:
    """
    Give the fields of a case's form.

    Args:
        count: stories in the case. given: what fields hold at first, by name. labels: of stories.
    """
    numbers = [str(number) for number in range(1, count + 1)]
    texts = dict(zip(numbers, labels, strict=False))
    return {
        "stories": Param(
            given.get("stories"),
            type=["null", "array", "string"],  # a string over the API: 1, 3-5
            items={"type": "string"},
            examples=numbers,
            values_display={number: texts.get(number, number) for number in numbers},
            title="Stories",
            description="which of them the answer is for; none chosen: all",
        ),
        **{
            fact: Param(given.get(fact), type=TEXT, title=title, description=description, **more)
            for fact, title, description, more in FACT_FIELDS
        },
        "note": Param(
            given.get("note"), type=TEXT, title="Note", description="why, for the record"
        ),
        "corrections": Param(
            given.get("corrections"),
            type=TEXT,
            format="multiline",
            title="Corrections of the split",
            description="one per line: story 1: line 12 starts; line 30 joins; line 7 is caption; "
            'lines of The Herald like "^Read also" are promo',
        ),
    }


def read_form(inputs: Mapping[str, Any] | None) -> dict[str, str]:
    """Give the text of every field, empty where it was left alone; chosen stories as `1, 3`."""
    return {name: _read_field(value) for name, value in (inputs or {}).items()}


def _read_field(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)
