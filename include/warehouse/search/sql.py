"""
Add the search to a connection: `from search_stories('ferry AND strike')` then reads the index.

The macro in the warehouse file scans the bodies instead, for programs other than Copydesk. This one
has the same name and columns, and hides it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from include.warehouse.queries import load_query
from include.warehouse.search.find import find_stories

FUNCTION = "search_index"
HITS = (
    "struct(story_id varchar, page_id varchar, run_id varchar, source_name varchar, "
    "story_no integer, headline varchar, outlet varchar, published_at timestamptz, "
    "around varchar, score double)[]"
)


def add_search(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let `search_stories` of this connection read an index."""

    def search_index(query: str, most: int) -> list[dict[str, object]]:
        return find_stories(folder, query, most)

    con.create_function(FUNCTION, search_index, ["varchar", "bigint"], HITS)
    query = load_query("search_indexed")
    con.execute(f"create temp macro search_stories(q, most := 100) as table {query}")
