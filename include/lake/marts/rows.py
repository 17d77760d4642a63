"""
Turn what an analyzer found into rows of a mart: add the key of each row's story, cast.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.errors import RowsUnfit
from include.lake.landing.rows import fit_column
from include.schema.lake import Table

KEY = ("page_id", "run_id", "ingest_day")


def mart_rows(found: pa.Table, stories: pa.Table, kind: Table, analysis_id: str) -> pa.Table:
    """
    Return the rows of a mart, in exactly its schema and in the order they were found.

    Args:
        found: story_id and the mart's own columns. stories: story_id and KEY of these stories.
    Raises:
        RowsUnfit: a row is of no such story, or a column is missing, unknown or of another type.
    """
    keys = pl.DataFrame(stories.select(["story_id", *KEY]))
    rows = pl.DataFrame(found).join(keys, on="story_id", how="left", maintain_order="left")
    if rows["page_id"].null_count():
        unknown = rows.filter(pl.col("page_id").is_null())["story_id"][0]
        raise RowsUnfit(f"story of a row of {kind.name}", unknown, "It was not among those given.")
    return stamp_rows(rows.to_arrow(), kind, analysis_id)


def stamp_rows(found: pa.Table, kind: Table, analysis_id: str) -> pa.Table:
    """
    Return rows that have all columns of a mart but the analysis, in exactly its schema.

    Raises:
        RowsUnfit: a column is missing, unknown or of another type.
    """
    table = found.append_column("analysis_id", pa.repeat(pa.scalar(analysis_id), found.num_rows))
    extra = [name for name in table.column_names if name not in kind.schema().names]
    if extra:
        way_out = "Describe them in include/schema/analysis.py."
        raise RowsUnfit(f"unknown columns of {kind.name}", extra, way_out)
    columns = [fit_column(table, column, kind.name) for column in kind.columns]
    return pa.Table.from_arrays(columns, schema=kind.schema())
