"""
Why a file or a story is as it is: all that the warehouse knows of it, in one reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.errors import NotFound
from include.warehouse.queries import load_query
from include.warehouse.read import MEMORY, open_warehouse

Rows = list[dict[str, Any]]
WAY_OUT = (
    "Give a file's or an archive's name in its inbox, or the end of it from a '/' on, a story_id "
    "or a page_id that was ingested."
)


@dataclass(frozen=True)
class Told:
    """
    What became of the pages that a key names; columns as `include/warehouse/sql/why_*.sql` give
    them.

    deliveries: those asked for by name first, then the newest. members: of an archive.
    more_members, more_pages: how many are left out.
    """

    deliveries: Rows
    stories: Rows
    page_flags: Rows
    reviews: Rows
    overrides: Rows
    events: Rows
    members: Rows
    more_members: int
    more_pages: int


def read_why(path: Path, key: str, pages: int, members: int, memory_limit: str = MEMORY) -> Told:
    """
    Tell what became of a file (its name, path, or the end of either), an archive, page or story.

    Args:
        pages, members: how many to tell of at most.
    Raises:
        NotFound: none goes by that name.
    """
    with open_warehouse(path, memory_limit) as con:

        def ask(part: str, **values: object) -> Rows:
            rows: Rows = (
                con.sql(load_query(f"why_{part}"), params=values).to_arrow_table().to_pylist()
            )
            return rows

        deliveries = ask("deliveries", key=key)
        met = ask("members", key=key, members=members)
        if not deliveries and not met:
            raise NotFound("file, page or story", key, WAY_OUT)
        found = list(dict.fromkeys(row["page_id"] for row in deliveries))
        shown = found[:pages]
        about = {
            part: ask(part, pages=shown)
            for part in ("stories", "page_flags", "reviews", "overrides", "events")
        }
        return Told(
            deliveries=[row for row in deliveries if row["page_id"] in set(shown)],
            members=met,
            more_members=met[0]["members"] - len(met) if met else 0,
            more_pages=len(found) - len(shown),
            **about,
        )


def find_last_split(deliveries: Rows) -> dict[str, Any] | None:
    """Give the row of a page's deliveries that split it last; None where none did."""
    split = [row for row in deliveries if row["splitter_version"] is not None]
    return max(split, key=lambda row: (row["ingested_at"], row["run_id"]), default=None)
