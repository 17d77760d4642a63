"""
Parse the corrections a person writes to fix a split, one per line.

    line 12 starts                                   a story begins there
    line 12 starts as body                           without a headline
    line 30 joins                                    its story is part of the one above
    line 7 is caption                                its role
    line 7 has date 2026-11-02                       its story's date; also outlet, byline, headline
    line 7 has no byline                             its story has none; also date, outlet
    lines of The Herald like "^Read also" are promo  on all pages of an outlet

In a review that shows several stories, `story 2: line 12 starts` names the page that is meant.
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

FACTS = {"date": 25, "outlet": 200, "byline": 120, "headline": 300}  # characters at most
ROLES = (*STORY_ROLES, *CHROME_ROLES)
GRAMMAR = re.compile(
    r"""(?:story\s+(?P<story>\d+)\s*:\s*)?
    (?:line\s+(?P<line>\d+)|lines\s+of\s+(?P<outlet>.+?)\s+like\s+"(?P<pattern>.+)")\s+
    (?:(?P<starts>starts?)(?:\s+as\s+(?P<as>\w+))?|(?P<joins>joins?)|(?:is|are)\s+(?P<role>\w+)
    |has\s+(?:(?P<no>no)\s+)?(?P<fact>date|outlet|byline|headline)(?:\s+(?P<value>.+))?)""",
    re.VERBOSE | re.IGNORECASE,
)
WAY_OUT = (
    "Write one per line: `line 12 starts`, `line 30 joins`, `line 7 is caption`, `line 7 has date "
    "2026-11-02` (or outlet, byline, headline), `line 7 has no byline`, or "
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
    """The author of a correction: who, when (UTC), and their note."""

    made_by: str
    made_at: datetime
    note: str | None = None


def read_corrections(text: str, pages: Sequence[Page], word: Word) -> pa.Table:
    """
    Parse corrections, one per line; blank lines are skipped.

    Args:
        pages: those of `story 1`, `story 2` …; one page needs no `story`.
    Returns:
        Rows of `columns.OVERRIDES`, in the order they were written.
    Raises:
        UsageWrong: a line cannot be parsed, or names an unknown line, role or story.
    """
    rows = [_read(line.strip(), pages, word) for line in text.splitlines() if line.strip()]
    return pa.Table.from_pylist(rows, schema=OVERRIDES.schema())


def write_facts(
    facts: Mapping[str, str], anchors: Mapping[int, int | None], total: int
) -> list[str]:
    """
    Give facts that a form holds as corrections, a line for each fact and story.

    Args:
        facts: value by name. anchors: a line of each story chosen, by its number from 1.
        total: stories in the case.
    Raises:
        UsageWrong: a headline for several stories, or a story without a line.
    """
    if "headline" in facts and len(anchors) > 1:
        way_out = f"Choose the one of the {total} stories it is of."
        raise UsageWrong("headline", facts["headline"], way_out)
    for number, line in anchors.items():
        if facts and line is None:
            way_out = "It stands on no line of its page by now: write corrections instead."
            raise UsageWrong("story", number, way_out)
    return [
        f"story {number}: line {line} has {fact} {' '.join(value.split())}"
        for number, line in anchors.items()
        for fact, value in facts.items()
    ]


def _read(line: str, pages: Sequence[Page], word: Word) -> dict[str, object]:
    match = GRAMMAR.fullmatch(line)
    if not match:
        raise UsageWrong("correction", line, WAY_OUT)
    fact = (match["fact"] or "").lower()
    action = "starts" if match["starts"] else "joins" if match["joins"] else fact or "role"
    role = _check_role(line, match["role"] or match["as"])
    of_outlet = {"outlet": match["outlet"], "pattern": match["pattern"]}
    where = of_outlet if match["outlet"] else _find_line(line, match, pages)
    value = check_fact(fact, match["value"], bool(match["no"]), line) if fact else None
    if fact and match["outlet"]:
        raise UsageWrong("correction", line, "A fact is one story's: name a line of its page.")
    content = {**where, "action": action, "role": role, "value": value}
    return {
        **content,
        "override_id": name_override(content),
        "is_withdrawn": False,
        "note": word.note,
        "made_by": word.made_by,
        "made_at": word.made_at,
    }


def name_override(override: Mapping[str, object]) -> str:
    """Give 16 hex digits that hash an override's action and lines, whoever made it."""
    names = ("page_id", "line_no", "line_text", "outlet", "pattern", "action", "role")
    said = [override.get(name) for name in names]
    content = repr([*said, override["value"]] if override.get("value") else said)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def describe(override: Mapping[str, object]) -> str:
    """Give an override as a person would write it."""
    if override["action"] in FACTS:
        value = override["value"]
        fact = f"{override['action']} {value}" if value else f"no {override['action']}"
        return f"line {override['line_no']} has {fact}"
    action = {"starts": "starts", "joins": "joins"}.get(str(override["action"]))
    if override["outlet"]:
        where = f'lines of {override["outlet"]} like "{override["pattern"]}"'
        action = f"are {override['role']}" if action is None else action.removesuffix("s")
    else:
        where = f"line {override['line_no']}"
        action = f"is {override['role']}" if action is None else action
    also = f" as {override['role']}" if override["action"] == "starts" and override["role"] else ""
    return f"{where} {action}{also}"


def check_fact(fact: str, value: str | None, is_none: bool, said: str) -> str | None:
    """
    Give a fact's value as it is stored; None where the story has none.

    Args:
        said: what the person wrote, for the error.
    Raises:
        UsageWrong: the value is missing, too long, or no date.
    """
    text = " ".join((value or "").split())
    if is_none:
        if fact == "headline":
            raise UsageWrong("correction", said, "Give its line another role: `line 7 is other`.")
        if text:
            raise UsageWrong("correction", said, f"Write `has no {fact}` and nothing after it.")
        return None
    if not 1 <= len(text) <= FACTS[fact]:
        raise UsageWrong("correction", said, f"Give a {fact} of 1 to {FACTS[fact]} characters.")
    if fact == "date":
        try:
            datetime.fromisoformat(text)
        except ValueError as exc:
            way_out = "Write a date as 2026-11-02, or 2026-11-02 18:30 (UTC)."
            raise UsageWrong("date", text, way_out) from exc
    return text


def _check_role(line: str, role: str | None) -> str | None:
    if role is not None and role.lower() not in ROLES:
        raise UsageWrong("correction", line, f"Roles are {', '.join(ROLES)}.")
    return role.lower() if role else None


def _find_line(line: str, match: re.Match[str], pages: Sequence[Page]) -> dict[str, object]:
    if match["story"] is None and len({page.page_id for page in pages}) > 1:
        raise UsageWrong("correction", line, "Say whose page: begin it with `story 1: `.")
    if not pages:
        raise UsageWrong("correction", line, "Say whose line it is: --page FILE, or a page_id.")
    number = int(match["story"] or 1)
    if not 1 <= number <= len(pages):
        raise UsageWrong("correction", line, f"There are stories 1 to {len(pages)}.")
    page, at = pages[number - 1], int(match["line"])
    if at not in page.lines:
        raise UsageWrong("correction", line, f"{page.name} has no text on line {at}.")
    return {
        "page_id": page.page_id,
        "source_name": page.name,
        "line_no": at,
        "line_text": page.lines[at],
    }
