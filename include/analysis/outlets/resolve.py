"""
Find who published each story: the surest clue wins.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
from courlan import extract_domain

from include.analysis.outlets.clues import (
    COPYRIGHT,
    SELF,
    WRITTEN_FOR,
    read_body_clues,
    read_chrome_clues,
)
from include.analysis.outlets.table import Outlet, OutletTable, fold, read_outlets
from include.schema.outlets import STORY_OUTLETS

OUTLETS_VERSION = "1"  # changes with the rows of any story, but not with the table of outlets
GIVEN, URL, PATH = "given", "url", "path"
# Confidence if the outlet is in the table, and if not. docs/analysis.md has what was measured.
CONFIDENCE = {
    GIVEN: (0.95, 0.9),
    URL: (0.95, 0.85),
    COPYRIGHT: (0.85, 0.6),
    PATH: (0.8, 0.0),
    WRITTEN_FOR: (0.7, 0.6),
    SELF: (0.65, 0.0),
}
AGGREGATOR = 0.3  # confidence that an aggregator published the story
ONE_WORD = 0.6  # factor for a folder of one word, such as Trend, Time or Mirror
SELF_ROLES = frozenset(
    ("legal", "promo", "disclosure", "navigation", "other", "share", "widget", "credit", "byline")
)
MOST_LINES = 400  # of chrome per page that are searched, half from each end
DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")


@dataclass(frozen=True)
class Claim:
    """An outlet that one source names, with its confidence."""

    outlet: Outlet
    source: str
    confidence: float


def resolve_outlets(
    stories: pa.Table, chrome: pa.Table, table: OutletTable | None = None
) -> pa.Table:
    """
    Find each story's outlet.

    Args:
        stories: `story_id`, `page_id`, `source_name`, `outlet`, `url`, `body`; the last four may be
            null. chrome: `page_id`, `text`, `role` of their pages. table: instead of `outlets.csv`.
    Returns:
        `STORY_OUTLETS`, in the order of the stories.
    """
    outlets = table or read_outlets()
    lines = _lines_by_page(chrome, set(stories["page_id"].to_pylist()))
    claims = {page: list(_from_chrome(texts, outlets)) for page, texts in lines.items()}
    names = ("story_id", "page_id", "source_name", "outlet", "url", "body")
    rows = [
        _row(story, [*_from_story(story, outlets), *claims.get(story["page_id"], [])])
        for story in stories.select(list(names)).to_pylist()
    ]
    return pa.Table.from_pylist(rows, STORY_OUTLETS.schema())


def _row(story: dict[str, Any], claims: list[Claim]) -> dict[str, Any]:
    best = max(claims, key=lambda claim: claim.confidence, default=None)
    if best is None or not best.confidence:
        return {"story_id": story["story_id"]}
    outlet = best.outlet
    return {
        "story_id": story["story_id"],
        "outlet_id": outlet.id,
        "name": outlet.name,
        "source": best.source,
        "confidence": round(best.confidence, 2),
        "kind": outlet.kind or None,
        "country": outlet.country,
        "language": outlet.language,
    }


def _from_story(story: dict[str, Any], outlets: OutletTable) -> Iterator[Claim]:
    if story["outlet"]:
        host = story["outlet"].lower().removeprefix("www.")
        by_host = DOMAIN.fullmatch(host) and outlets.find_host(host)
        yield _claim(by_host or _by_name(story["outlet"], outlets), GIVEN)
    if story["url"]:
        yield from _from_url(story["url"], outlets)
    for part in re.split(r"[/!\\]", (story["source_name"] or "")[:1000].lower())[:-1]:
        outlet = outlets.find_host(part) if DOMAIN.fullmatch(part) else outlets.find_name(part)
        if outlet:
            claim = _claim(outlet, PATH)
            is_sure = "." in part or len(fold(part).split()) > 1
            yield claim if is_sure else replace(claim, confidence=claim.confidence * ONE_WORD)
    for clue in read_body_clues(story["body"] or ""):
        yield _claim(_by_name(clue.name, outlets), clue.source)


def _from_url(url: str, outlets: OutletTable) -> Iterator[Claim]:
    try:
        host = urlsplit(url).hostname or ""
        domain = extract_domain(url)
    except ValueError:
        return
    outlet = outlets.find_host(host)
    if outlet:
        yield _claim(outlet, URL)
    elif domain:
        yield _claim(Outlet(domain, domain, kind=""), URL)


def _from_chrome(lines: list[str], outlets: OutletTable) -> Iterator[Claim]:
    for clue in read_chrome_clues(lines):
        yield _claim(_by_name(clue.name, outlets), clue.source)


def _by_name(name: str, outlets: OutletTable) -> Outlet:
    return outlets.find_name(name) or Outlet(fold(name).replace(" ", "-"), name, kind="")


def _claim(outlet: Outlet, source: str) -> Claim:
    in_table, other = CONFIDENCE[source]
    if outlet.kind == "aggregator" and source != GIVEN:
        return Claim(outlet, source, AGGREGATOR)
    if outlet.kind == "agency" and source not in {GIVEN, URL, PATH}:
        return Claim(outlet, source, 0.0)  # others print «© Associated Press», too
    return Claim(outlet, source, in_table if outlet.kind else other)


def _lines_by_page(chrome: pa.Table, pages: set[str]) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = defaultdict(list)
    columns = (chrome[name].to_pylist() for name in ("page_id", "text", "role"))
    for page, text, role in zip(*columns, strict=True):
        if page in pages and role in SELF_ROLES:
            lines[page].append(text)
    half = MOST_LINES // 2
    return {p: t if len(t) <= MOST_LINES else t[:half] + t[-half:] for p, t in lines.items()}
