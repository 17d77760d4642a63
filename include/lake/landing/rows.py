"""
Turn the other rooms' tables into rows of the lake: add the run's columns, cast, build the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import RowsUnfit
from include.lake.landing.coverage import COUNTED, count_characters
from include.model import Judged, Run, Split
from include.schema.lake import PAGES, STORY_SPANS, Column, Table

OUTCOMES_IN = ("taken", "rejected", "redelivered", "unpacked")


def lake_rows(table: pa.Table, kind: Table, run: Run) -> pa.Table:
    """
    Return a table's rows with the run's columns, in exactly the lake table's schema.

    A missing nullable column is filled with nulls; the run's columns are overwritten.
    Raises:
        RowsUnfit: a column is missing or unknown, holds a forbidden null, or cannot be cast.
    """
    unknown = [name for name in table.column_names if name not in kind.schema().names]
    if unknown:
        raise RowsUnfit(
            f"unknown columns for {kind.name}", unknown, "Describe them in include/schema/lake.py."
        )
    stamps = {"run_id": run.run_id, "ingested_at": run.started_at, "ingest_day": run.ingest_day}
    columns = []
    for column in kind.columns:
        if column.name in stamps:
            columns.append(
                pa.repeat(pa.scalar(stamps[column.name], type=column.type), table.num_rows)
            )
        else:
            columns.append(fit_column(table, column, kind.name))
    return pa.Table.from_arrays(columns, schema=kind.schema())


def ledger_rows(
    pages: pa.Table, judged: Judged, chrome: pa.Table, splitter_version: str, run: Run
) -> pa.Table:
    """
    Return the ledger's row of every page of a batch; `revises_page_id` is filled at landing.

    Args:
        pages: columns of `BATCH_PAGES`. chrome: columns of `CHROME_PARTS`.
    Raises:
        TallyUnbalanced: a character of a taken page lies in no story part or chrome, or in two.
        RowsUnfit: a page's outcome is not one of OUTCOMES_IN.
    """
    frame = _frame(pages.drop_columns(["raw"]))
    unknown = frame.filter(~pl.col("outcome").is_in(OUTCOMES_IN))["outcome"].unique().to_list()
    if unknown:
        way_out = f"The known outcomes are {', '.join(OUTCOMES_IN)}."
        raise RowsUnfit("outcomes of pages", unknown, way_out)
    is_taken = pl.col("outcome") == "taken"
    counts = _count(frame.filter(is_taken).select("page_id", "name", "text"), judged, chrome)
    rows = (
        frame.drop("text")
        .join(counts, on="page_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(is_taken).then(pl.col(name)).otherwise(0).fill_null(0).alias(name)
            for name in (*COUNTED, "stories_landed", "stories_quarantined")
        )
        .with_columns(
            outcome=_outcome(is_taken),
            splitter_version=pl.when(is_taken).then(pl.lit(splitter_version)),
            delivery_id=pl.Series(_delivery_ids(frame), dtype=pl.String),
        )
    )
    return lake_rows(rows.to_arrow().append_column("raw", pages["raw"]), PAGES, run)


def check_spans(pages: pa.Table, split: Split) -> None:
    """
    Check that every non-blank character of each taken page lies in exactly one span of a split.

    Raises:
        TallyUnbalanced: as `ledger_rows`.
    """
    taken = pages.filter(pc.equal(pages["outcome"], "taken")).select(["page_id", "name", "text"])
    count_characters(_frame(taken), _spans([split.stories], split.chrome))


def _count(taken: pl.DataFrame, judged: Judged, chrome: pa.Table) -> pl.DataFrame:
    """Count the characters and stories of taken pages: one row per page."""
    return (
        count_characters(taken, _spans([judged.landed, judged.quarantined], chrome))
        .join(_count_stories(judged.landed, "stories_landed"), on="page_id", how="left")
        .join(_count_stories(judged.quarantined, "stories_quarantined"), on="page_id", how="left")
    )


def _outcome(taken: pl.Expr) -> pl.Expr:
    """Return a page's outcome: a taken page has landed if any story was found in it."""
    has_stories = pl.col("stories_landed") + pl.col("stories_quarantined") > 0
    split = pl.when(has_stories).then(pl.lit("landed")).otherwise(pl.lit("no_story"))
    return pl.when(taken).then(split).otherwise(pl.col("outcome"))


def _delivery_ids(pages: pl.DataFrame) -> list[str]:
    """Return 24 hex digits of a hash of inbox, name and page_id; lengths delimit the parts."""
    return [
        hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest()[:24]
        for parts in pages.select("inbox", "name", "page_id").iter_rows()
    ]


def _count_stories(stories: pa.Table, name: str) -> pl.DataFrame:
    """Count stories per page: page_id, and the count as column `name`."""
    frame = _frame(stories.select(["page_id"]))
    return frame.group_by("page_id").agg(pl.len().cast(pl.Int32).alias(name))


def _spans(parts: Sequence[pa.Table], chrome: pa.Table) -> pl.DataFrame:
    """Return every span of some tables of stories and of chrome: page_id, start, end, is_story."""
    story = [
        _frame(stories.select(["page_id", part]))
        .rename({part: "span"})
        .explode("span")
        .drop_nulls("span")
        .select(
            "page_id",
            pl.col("span").struct.field("start"),
            pl.col("span").struct.field("end"),
            is_story=pl.lit(True),
        )
        for stories in parts
        for part in STORY_SPANS
    ]
    rest = _frame(chrome.select(["page_id", "start", "end"])).with_columns(is_story=pl.lit(False))
    return pl.concat([*story, rest])


def fit_column(table: pa.Table, column: Column, kind: str) -> pa.ChunkedArray | pa.Array:
    """Return one column, cast to its type; nulls if it is missing and nullable."""
    if column.name not in table.column_names:
        if column.nullable:
            return pa.nulls(table.num_rows, column.type)
        raise RowsUnfit(f"missing column of {kind}", column.name, "The previous step must fill it.")
    values = table[column.name]
    if values.null_count and not column.nullable:
        raise RowsUnfit(f"nulls in a column of {kind}", column.name, "It may not be null.")
    try:
        return values.cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as exc:
        wrong = f"column {column.name} of {kind}"
        raise RowsUnfit(wrong, str(values.type), f"It must cast to {column.type}.") from exc


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
