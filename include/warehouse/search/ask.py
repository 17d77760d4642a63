"""
Search the warehouse from Python: `search_stories(path, "ferry AND strike")`.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from include.errors import NotFound
from include.warehouse.queries import load_query
from include.warehouse.read import MEMORY, open_warehouse
from include.warehouse.search.grammar import parse_query
from include.warehouse.search.place import has_index, index_folder, read_indexed_version

MOST = 20
LARGEST = 2**31  # value of `most` for SQL; no index holds so many stories


def search_stories(
    warehouse: Path, query: str, most: int = MOST, memory_limit: str = MEMORY
) -> pa.Table:
    """
    Find stories, best first.

    Args:
        query: docs/analysis.md has its grammar.
    Returns:
        At most `most` rows: story_id, source_name, story_no, headline, outlet, published_at,
        around (the part of the body that matches most) and score (BM25).
    Raises:
        UsageWrong: the query is not of the grammar.
        NotFound: there is no index yet.
        WarehouseMissing, WarehouseHeld, QueryRefused: as in `open_warehouse`.
    """
    parse_query(query)
    with open_warehouse(warehouse, memory_limit) as con:
        folder = index_folder(warehouse)
        if not has_index(folder):
            way_out = "`python -m include analyze` makes it from the stories that have landed."
            raise NotFound("search index", str(folder), way_out)
        values = {"q": query, "most": min(most, LARGEST)}
        return con.sql(load_query("search_ask"), params=values).to_arrow_table()


def count_runs_behind(warehouse: Path, memory_limit: str = MEMORY) -> int:
    """Count the runs that the warehouse shows and the index does not yet."""
    with open_warehouse(warehouse, memory_limit) as con:
        ((version,),) = con.execute(load_query("search_version")).fetchall()
    return max(int(version) - read_indexed_version(index_folder(warehouse)), 0)
