"""
Turn an analyzer's rows into rows of a mart: add each story's key and the analysis, cast the types.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.errors import RowsUnfit
from include.lake.landing.rows import fit_column
from include.lake.marts.changes import STORY_KEY
from include.schema.lake import Table


def mart_rows(analyzed: pa.Table, stories: pa.Table, kind: Table, analysis_id: str) -> pa.Table:
    """
    Return the rows of a mart, in exactly its schema and in the analyzer's order.

    Args:
        analyzed: story_id and the mart's own columns. stories: STORY_KEY of these stories.
    Raises:
        RowsUnfit: a row is of another story, or a column is missing, unknown or of another type.
    """
    keys = pl.DataFrame(stories.select(list(STORY_KEY)))
    rows = pl.DataFrame(analyzed).join(keys, on="story_id", how="left", maintain_order="left")
    if rows["page_id"].null_count():
        unknown = rows.filter(pl.col("page_id").is_null())["story_id"][0]
        raise RowsUnfit(f"story of a row of {kind.name}", unknown, "It was not among those given.")
    return stamp_rows(rows.to_arrow(), kind, analysis_id)


def stamp_rows(rows: pa.Table, kind: Table, analysis_id: str) -> pa.Table:
    """
    Add the analysis to rows that have all other columns of a mart; cast them to its schema.

    Raises:
        RowsUnfit: a column is missing, unknown or of another type.
    """
    table = rows.append_column("analysis_id", pa.repeat(pa.scalar(analysis_id), rows.num_rows))
    extra = [name for name in table.column_names if name not in kind.schema().names]
    if extra:
        way_out = "Describe them in include/schema/analysis.py."
        raise RowsUnfit(f"unknown columns of {kind.name}", extra, way_out)
    columns = [fit_column(table, column, kind.name) for column in kind.columns]
    return pa.Table.from_arrays(columns, schema=kind.schema())
