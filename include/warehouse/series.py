"""
Read what changes from day to day: the numbers that `plot` draws.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from include.errors import NotFound
from include.warehouse.queries import load_query
from include.warehouse.read import MEMORY, open_warehouse

WITH_TERM = ("word", "entity")


def read_series(
    path: Path,
    series: str,
    term: str | None = None,
    outlet: str | None = None,
    since: date | None = None,
    memory_limit: str = MEMORY,
) -> pa.Table:
    """
    Read one of the series that `series_*.sql` give.

    Args:
        term: the word, or the entity's name or id. outlet: in any case; None for all.
    Returns:
        day, part, whole, by day; whole is null where the series is a count and not a share.
    Raises:
        NotFound: no entity has this name.
        WarehouseMissing, WarehouseHeld, QueryRefused: as in `open_warehouse`.
    """
    values: dict[str, object] = {"outlet": outlet, "since": since}
    if series in WITH_TERM:
        values["term"] = term
    with open_warehouse(path, memory_limit) as con:
        rows = con.sql(load_query(f"series_{series}"), params=values).to_arrow_table()
        if series == "entity" and not rows.num_rows and outlet is None and since is None:
            way_out = 'List them: query "select name, stories from marts.entities limit 20".'
            raise NotFound("entity", term or "", way_out)
    return rows
