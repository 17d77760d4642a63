"""
Collect all that the warehouse records about a file, an archive, a page or a story.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from include.errors import NotFound
from include.warehouse.queries import load_query
from include.warehouse.read import MEMORY, open_warehouse

Rows = list[dict[str, Any]]
WAY_OUT = (
    "Give the name of an ingested file or archive, or the end of its path after a '/', or a "
    "story_id or a page_id."
)


@dataclass(frozen=True)
class History:
    """
    What happened to the pages that a key names; columns as in `include/warehouse/sql/why_*.sql`.

    deliveries: those that match the key by name first, then the newest. members: of an archive.
    names: under which revised pages are still current.
    more_members, more_pages: how many the limits left out.
    """

    deliveries: Rows
    stories: Rows
    page_flags: Rows
    reviews: Rows
    overrides: Rows
    events: Rows
    members: Rows
    names: Rows
    more_members: int
    more_pages: int


def read_why(path: Path, key: str, pages: int, members: int, memory_limit: str = MEMORY) -> History:
    """
    Return the history of a file (by name, path, or the end of either), archive, page or story.

    Args:
        pages, members: limits on how many are returned.
    Raises:
        NotFound: nothing in the warehouse matches the key.
    """
    with open_warehouse(path, memory_limit) as con:
        return collect_why(con, key, pages, members)


def collect_events(con: duckdb.DuckDBPyConnection, page_ids: list[str]) -> Rows:
    """Return what happened to some pages and their stories, on an open warehouse."""
    rows: Rows = (
        con.sql(load_query("why_events"), params={"pages": page_ids}).to_arrow_table().to_pylist()
    )
    return rows


def collect_why(con: duckdb.DuckDBPyConnection, key: str, pages: int, members: int) -> History:
    """Do as `read_why`, on an open warehouse."""

    def ask(part: str, **values: object) -> Rows:
        rows: Rows = con.sql(load_query(f"why_{part}"), params=values).to_arrow_table().to_pylist()
        return rows

    deliveries = ask("deliveries", key=key)
    archived = ask("members", key=key, members=members)
    if not deliveries and not archived:
        raise NotFound("file, page or story", key, WAY_OUT)
    page_ids = list(dict.fromkeys(row["page_id"] for row in deliveries))
    shown = page_ids[:pages]
    parts = {
        part: ask(part, pages=shown)
        for part in ("stories", "page_flags", "reviews", "overrides", "events")
    }
    return History(
        deliveries=[row for row in deliveries if row["page_id"] in set(shown)],
        members=archived,
        names=ask("names", pages=[row["revises_page_id"] for row in deliveries]),
        more_members=archived[0]["members"] - len(archived) if archived else 0,
        more_pages=len(page_ids) - len(shown),
        **parts,
    )


def find_last_split(deliveries: Rows) -> dict[str, Any] | None:
    """Return the delivery that split a page last; None where none did."""
    split = [row for row in deliveries if row["splitter_version"] is not None]
    return max(split, key=lambda row: (row["ingested_at"], row["run_id"]), default=None)
