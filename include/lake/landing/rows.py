"""
From what the rooms give to rows of the lake's tables: the run's columns, exact types, the ledger.
"""

from __future__ import annotations

import hashlib

import polars as pl
import pyarrow as pa

from include.errors import RowsUnfit
from include.lake.landing.coverage import COUNTED, count_characters
from include.model import Judged, Run
from include.schema.lake import PAGES, STORY_SPANS, Column, Table

OUTCOMES_IN = ("taken", "rejected", "redelivered", "unpacked")


def lake_rows(table: pa.Table, kind: Table, run: Run) -> pa.Table:
    """
    Give a table's rows with the run's columns, exactly of the lake table's schema.

    A nullable column that is missing is filled with nulls; columns of the run are overwritten.
    Raises:
        RowsUnfit: a column is missing or unknown, holds a null it may not, or does not cast.
    """
    unknown = [name for name in table.column_names if name not in kind.schema().names]
    if unknown:
        raise RowsUnfit(f"unknown columns for {kind.name}", unknown, "Describe them in columns.py.")
    stamps = {"run_id": run.run_id, "ingested_at": run.started_at, "ingest_day": run.ingest_day}
    columns = []
    for column in kind.columns:
        if column.name in stamps:
            columns.append(
                pa.repeat(pa.scalar(stamps[column.name], type=column.type), table.num_rows)
            )
        else:
            columns.append(_fit(table, column, kind.name))
    return pa.Table.from_arrays(columns, schema=kind.schema())


def ledger_rows(
    pages: pa.Table, judged: Judged, chrome: pa.Table, splitter_version: str, run: Run
) -> pa.Table:
    """
    Give the ledger's row of every page of a batch; `revises_page_id` is filled at landing.

    Args:
        pages: columns of `BATCH_PAGES`. chrome: columns of `CHROME_PARTS`.
    Raises:
        TallyUnbalanced: a character of a taken page stands in no story part or chrome, or in two.
        RowsUnfit: a page's outcome is none that intake knows.
    """
    frame = _frame(pages.drop_columns(["raw"]))
    odd = frame.filter(~pl.col("outcome").is_in(OUTCOMES_IN))["outcome"].unique().to_list()
    if odd:
        raise RowsUnfit("outcomes of pages", odd, f"Known are {', '.join(OUTCOMES_IN)}.")
    told_here = pl.col("outcome") == "taken"
    told = _count(frame.filter(told_here).select("page_id", "name", "text"), judged, chrome)
    rows = (
        frame.drop("text")
        .join(told, on="page_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(told_here).then(pl.col(name)).otherwise(0).fill_null(0).alias(name)
            for name in (*COUNTED, "stories_landed", "stories_quarantined")
        )
        .with_columns(
            outcome=_outcome(told_here),
            splitter_version=pl.when(told_here).then(pl.lit(splitter_version)),
            delivery_id=pl.Series(_delivery_ids(frame), dtype=pl.String),
        )
    )
    return lake_rows(rows.to_arrow().append_column("raw", pages["raw"]), PAGES, run)


def _count(taken: pl.DataFrame, judged: Judged, chrome: pa.Table) -> pl.DataFrame:
    """Count the characters and stories of taken pages: one row a page."""
    return (
        count_characters(taken, _spans(judged, chrome))
        .join(_count_stories(judged.landed, "stories_landed"), on="page_id", how="left")
        .join(_count_stories(judged.quarantined, "stories_quarantined"), on="page_id", how="left")
    )


def _outcome(taken: pl.Expr) -> pl.Expr:
    """Say what became of a page: a taken one landed if any story was found in it."""
    found = pl.col("stories_landed") + pl.col("stories_quarantined") > 0
    split = pl.when(found).then(pl.lit("landed")).otherwise(pl.lit("no_story"))
    return pl.when(taken).then(split).otherwise(pl.col("outcome"))


def _delivery_ids(pages: pl.DataFrame) -> list[str]:
    """Give 24 hex digits from inbox, name and page_id; lengths keep the parts apart."""
    return [
        hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest()[:24]
        for parts in pages.select("inbox", "name", "page_id").iter_rows()
    ]


def _count_stories(stories: pa.Table, name: str) -> pl.DataFrame:
    """Count stories a page: page_id and the count under `name`."""
    frame = _frame(stories.select(["page_id"]))
    return frame.group_by("page_id").agg(pl.len().cast(pl.Int32).alias(name))


def _spans(judged: Judged, chrome: pa.Table) -> pl.DataFrame:
    """Give every span of a batch: page_id, start, end, is_story."""
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
        for stories in (judged.landed, judged.quarantined)
        for part in STORY_SPANS
    ]
    rest = _frame(chrome.select(["page_id", "start", "end"])).with_columns(is_story=pl.lit(False))
    return pl.concat([*story, rest])


def _fit(table: pa.Table, column: Column, kind: str) -> pa.ChunkedArray | pa.Array:
    """Give one column, cast; nulls where it is missing and may be."""
    if column.name not in table.column_names:
        if column.nullable:
            return pa.nulls(table.num_rows, column.type)
        raise RowsUnfit(f"missing column of {kind}", column.name, "The room before must fill it.")
    found = table[column.name]
    if found.null_count and not column.nullable:
        raise RowsUnfit(f"nulls in a column of {kind}", column.name, "It may not be null.")
    try:
        return found.cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as exc:
        wrong = f"column {column.name} of {kind}"
        raise RowsUnfit(wrong, str(found.type), f"It is {column.type}.") from exc


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
