"""A lake with stories to search, and its index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from include.warehouse.read import run_query
from include.warehouse.search.ask import search_stories
from include.warehouse.search.update import Indexed, update_index
from tests.lake.builders import land_files, run_at
from tests.warehouse.readers import publish_lake

PAGES = {
    "a.txt": "S Ferry strike|Crews of the ferry walk out on Monday.\nS Goose fair|The fair opens.",
    "b.txt": "S Harbour news|A ferry, a ferry and no strike: the goose won.",
    "c.txt": "S Été à Göteborg|L’été arrive. 東京都庁で地震が発生した。",
    "d.txt": "S Prime minister|The minister said that a prime number is odd.",
    "e.txt": "S Markets|The prime minister said nothing.",
}


def land(home: Path, minute: int, pages: dict[str, str]) -> Path:
    """Land pages and publish; give the warehouse."""
    target = home / "warehouse.duckdb"
    land_files(home / "lake", run_at(minute), pages)
    publish_lake(home / "lake", target)
    return target


def land_and_index(home: Path, minute: int, pages: dict[str, str]) -> Indexed:
    return update_index(land(home, minute, pages))


def find(warehouse: Path, query: str, most: int = 20) -> list[str]:
    """Give the headlines that a search finds, best first."""
    rows: list[str] = search_stories(warehouse, query, most)["headline"].to_pylist()
    return rows


def select(warehouse: Path, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_query(warehouse, sql).to_pylist()
    return rows
