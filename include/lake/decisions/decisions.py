"""
People's decisions in the lake: reviews of stories and overrides of splits. Append-only.

A decision is written once however often it arrives, because its id is derived from what it decides
and where.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import append_rows, create_tables, has_table, open_table
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.schema.column import Table, schema_of
from include.schema.lake import QUARANTINE, STORY_SPANS
from include.schema.review import OVERRIDES, REVIEWS, WAIVERS
from include.storage.locations import Root

RELEASE, REJECT, SEND_BACK = "release", "reject", "send_back"
APPLIED, STALE = "applied", "stale"
OVERRIDE_TARGET = ("page_id", "line_no", "outlet", "pattern")  # the lines an override applies to
WAITING = (
    "story_id", "page_id", "run_id", "text_hash", "source_name", "ingest_day", "headline", "outlet",
    "confidence", "reasons", "failed_rules", "observed", *STORY_SPANS, "ingested_at",
    "published_at", "published_precision", "published_source", "byline", "dateline", "words",
)  # fmt: skip
STORY = ["story_id", "text_hash"]


def read_decisions(root: Root, kind: Table) -> pl.DataFrame:
    """Read all of `reviews` or `overrides`, oldest first; empty if there is no lake yet."""
    stamp = "decided_at" if kind is REVIEWS else "made_at"
    if not has_table(root, kind):
        return pl.DataFrame(kind.schema().empty_table())
    table, schema = open_table(root, kind), kind.schema()
    held = {column.name for column in table.schema().fields}
    rows = table.to_pyarrow_table(columns=[name for name in schema.names if name in held])
    for field in schema:
        if field.name not in held:  # the lake is older than this column
            rows = rows.append_column(field, pa.nulls(len(rows), field.type))
    return pl.DataFrame(rows.select(schema.names).cast(schema)).sort(stamp, maintain_order=True)


def read_overrides(root: Root) -> pa.Table:
    """Return the overrides in force, oldest first; columns of `OVERRIDES`."""
    rows = read_decisions(root, OVERRIDES)
    newest = rows.unique("override_id", keep="last", maintain_order=True)
    in_force = newest.filter(~pl.col("is_withdrawn")).to_arrow()
    return in_force.select(OVERRIDES.schema().names).cast(OVERRIDES.schema())


def read_waivers(root: Root) -> pa.Table:
    """Return the rules each story's newest release waives; columns of `WAIVERS`."""
    newest = (
        read_decisions(root, REVIEWS)
        .filter(pl.col("outcome") == APPLIED)
        .unique(["story_id", "text_hash"], keep="last", maintain_order=True)
    )
    released = newest.filter(pl.col("decision") == RELEASE).rename({"failed_rules": "rules"})
    schema = schema_of(WAIVERS)
    return released.select(schema.names).to_arrow().cast(schema)


def add_decisions(root: Root, kind: Table, rows: pa.Table, metadata: dict[str, str]) -> pa.Table:
    """
    Add decisions that are not stored yet, and return those that were added.

    Args:
        rows: columns of `kind`. An override counts as stored if its newest row is the same and no
            later override contradicts it for the same lines.
    Raises:
        LakeLocked: a run is landing.
    """
    key = "review_id" if kind is REVIEWS else "override_id"
    identity = [key] if kind is REVIEWS else [key, "is_withdrawn"]
    with hold_lake(root):
        create_tables(root)
        newest = read_decisions(root, kind).unique(key, keep="last", maintain_order=True)
        stored = newest if kind is REVIEWS else _drop_overruled(newest)
        new = pl.DataFrame(rows).join(stored, on=identity, how="anti", maintain_order="left")
        added = new.unique(key, keep="first", maintain_order=True).to_arrow()
        added = added.select(kind.schema().names).cast(kind.schema())
        append_rows(root, kind, added.to_batches(), metadata)
        return added


def _drop_overruled(overrides: pl.DataFrame) -> pl.DataFrame:
    """Drop overrides that were not withdrawn but overruled by a later one; oldest first."""
    is_boundary = pl.col("action").is_in(["starts", "joins"])
    subject = pl.when(is_boundary).then(pl.lit("boundary")).otherwise("action")
    numbered = overrides.with_row_index("at").with_columns(subject=subject)
    last = pl.col("at").filter(~pl.col("is_withdrawn")).max().over(*OVERRIDE_TARGET, "subject")
    return numbered.filter(pl.col("is_withdrawn") | (pl.col("at") == last)).drop("at", "subject")


def read_waiting(root: Root) -> pl.DataFrame:
    """
    Read the stories that wait for review, longest waiting first: columns WAITING of `quarantine`.

    A rejected story is left out as long as its text is unchanged. A released story lands and leaves
    quarantine; if it is still there, its run did not finish or it has since failed another rule.
    """
    if not has_table(root, QUARANTINE):
        return pl.DataFrame(QUARANTINE.schema().empty_table()).select(WAITING)
    current = current_rows(read_deliveries(root)).select("page_id", "run_id")
    stories = pl.DataFrame(open_table(root, QUARANTINE).to_pyarrow_table(columns=list(WAITING)))
    quarantined = stories.join(current, on=["page_id", "run_id"], how="semi")
    rejected = (
        read_decisions(root, REVIEWS)
        .filter(pl.col("outcome") == APPLIED)
        .unique(STORY, keep="last", maintain_order=True)
        .filter(pl.col("decision") == REJECT)
    )
    waiting = quarantined.join(rejected, on=STORY, how="anti")
    return waiting.select(WAITING).sort("ingested_at", "page_id", "story_id")
