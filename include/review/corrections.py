"""
Corrections: what a person writes to set a split right, one a line, and what it means.

    line 12 starts                                   a story begins there
    line 12 starts as body                           without a headline
    line 30 joins                                    its story is part of the one above
    line 7 is caption                                its role
    lines of The Herald like "^Read also" are promo  on all pages of an outlet

In a review that shows several stories, `story 2: line 12 starts` says whose page is meant.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from include.errors import UsageWrong
from include.model import CHROME_ROLES, STORY_ROLES
from include.schema.review import OVERRIDES

ROLES = (*STORY_ROLES, *CHROME_ROLES)
GRAMMAR = re.compile(
    r"""(?:story\s+(?P<story>\d+)\s*:\s*)?
    (?:line\s+(?P<line>\d+)|lines\s+of\s+(?P<outlet>.+?)\s+like\s+"(?P<pattern>.+)")\s+
    (?:(?P<starts>starts?)(?:\s+as\s+(?P<as>\w+))?|(?P<joins>joins?)|(?:is|are)\s+(?P<role>\w+))""",
    re.VERBOSE | re.IGNORECASE,
)
WAY_OUT = (
    "Write one a line: `line 12 starts`, `line 30 joins`, `line 7 is caption`, or "
    '`lines of The Herald like "^Read also" are promo`; in a review with `story 2: ` before it.'
)


@dataclass(frozen=True)
class Page:
    """A page that may be corrected: its id, name, and the text of each line by its number."""

    page_id: str
    name: str
    lines: Mapping[int, str]


@dataclass(frozen=True)
class Word:
    """Whose word a correction is: who, when (UTC), and what they noted."""

    made_by: str
    made_at: datetime
    note: str | None = None


def read_corrections(text: str, pages: Sequence[Page], word: Word) -> pa.Table:
    """
    Read corrections, one a line; blank lines count for nothing.

    Args:
        pages: that `story 1`, `story 2` … are on; one page needs no `story`.
    Returns:
        Rows of `columns.OVERRIDES`, in the order they were written.
    Raises:
        UsageWrong: a line that cannot be read, or speaks of a line, role or story there is not.
    """
    rows = [_read(line.strip(), pages, word) for line in text.splitlines() if line.strip()]
    return pa.Table.from_pylist(rows, schema=OVERRIDES.schema())


def _read(line: str, pages: Sequence[Page], word: Word) -> dict[str, object]:
    found = GRAMMAR.fullmatch(line)
    if not found:
        raise UsageWrong("correction", line, WAY_OUT)
    action = "starts" if found["starts"] else "joins" if found["joins"] else "role"
    role = _check_role(line, found["role"] or found["as"])
    of_outlet = {"outlet": found["outlet"], "pattern": found["pattern"]}
    where = of_outlet if found["outlet"] else _find_line(line, found, pages)
    said = {**where, "action": action, "role": role}
    return {
        **said,
        "override_id": name_override(said),
        "is_withdrawn": False,
        "note": word.note,
        "made_by": word.made_by,
        "made_at": word.made_at,
    }


def name_override(said: Mapping[str, object]) -> str:
    """Give 16 hex digits of what an override says and of which lines; who said it is left out."""
    names = ("page_id", "line_no", "line_text", "outlet", "pattern", "action", "role")
    told = repr([said.get(name) for name in names])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def describe(override: Mapping[str, object]) -> str:
    """Give an override as a person would write it."""
    said = {"starts": "starts", "joins": "joins"}.get(str(override["action"]))
    if override["outlet"]:
        where = f'lines of {override["outlet"]} like "{override["pattern"]}"'
        said = f"are {override['role']}" if said is None else said.removesuffix("s")
    else:
        where = f"line {override['line_no']}"
        said = f"is {override['role']}" if said is None else said
    also = f" as {override['role']}" if override["action"] == "starts" and override["role"] else ""
    return f"{where} {said}{also}"


def _check_role(line: str, role: str | None) -> str | None:
    if role is not None and role.lower() not in ROLES:
        raise UsageWrong("correction", line, f"Roles are {', '.join(ROLES)}.")
    return role.lower() if role else None


def _find_line(line: str, found: re.Match[str], pages: Sequence[Page]) -> dict[str, object]:
    if found["story"] is None and len({page.page_id for page in pages}) > 1:
        raise UsageWrong("correction", line, "Say whose page: begin it with `story 1: `.")
    if not pages:
        raise UsageWrong("correction", line, "Say whose line it is: --page FILE, or a page_id.")
    number = int(found["story"] or 1)
    if not 1 <= number <= len(pages):
        raise UsageWrong("correction", line, f"There are stories 1 to {len(pages)}.")
    page, at = pages[number - 1], int(found["line"])
    if at not in page.lines:
        raise UsageWrong("correction", line, f"{page.name} has no text on line {at}.")
    return {
        "page_id": page.page_id,
        "source_name": page.name,
        "line_no": at,
        "line_text": page.lines[at],
    }
