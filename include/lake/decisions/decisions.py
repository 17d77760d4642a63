"""
What people decided, as the lake keeps it: reviews of stories, overrides of splits. Append-only.

A decision is written once however often it arrives: its id says what it decides and where.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import append_rows, create_tables, has_table, open_table
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.schema.column import Table, schema_of
from include.schema.lake import QUARANTINE
from include.schema.review import OVERRIDES, REVIEWS, WAIVERS
from include.storage.locations import Root

RELEASE, REJECT, SEND_BACK = "release", "reject", "send_back"
APPLIED, STALE = "applied", "stale"
OF_LINES = ("page_id", "line_no", "outlet", "pattern")  # what an override speaks of
TOLD = (
    "story_id", "page_id", "run_id", "text_hash", "source_name", "ingest_day", "headline", "outlet",
    "confidence", "reasons", "failed_rules", "observed", "headline_spans", "body_spans",
    "caption_spans", "other_spans", "ingested_at",
)  # fmt: skip
STORY = ["story_id", "text_hash"]


def read_decisions(root: Root, kind: Table) -> pl.DataFrame:
    """Read all of `reviews` or `overrides`, oldest first; no row for no lake."""
    stamp = "decided_at" if kind is REVIEWS else "made_at"
    if not has_table(root, kind):
        return pl.DataFrame(kind.schema().empty_table())
    rows = open_table(root, kind).to_pyarrow_table(columns=kind.schema().names)
    return pl.DataFrame(rows.cast(kind.schema())).sort(stamp, maintain_order=True)


def read_overrides(root: Root) -> pa.Table:
    """Give the overrides that hold, oldest first; columns of `OVERRIDES`."""
    rows = read_decisions(root, OVERRIDES)
    newest = rows.unique("override_id", keep="last", maintain_order=True)
    held = newest.filter(~pl.col("is_withdrawn")).to_arrow()
    return held.select(OVERRIDES.schema().names).cast(OVERRIDES.schema())


def read_waivers(root: Root) -> pa.Table:
    """Give what releases let pass, of each story the newest; columns of `WAIVERS`."""
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
    Add decisions that are not there yet; give those that were added.

    Args:
        rows: columns of `kind`. An override counts as there if its newest row says the same, and
            nobody has said otherwise of these lines since.
    Raises:
        LakeLocked: a run is landing.
    """
    key = "review_id" if kind is REVIEWS else "override_id"
    told = [key] if kind is REVIEWS else [key, "is_withdrawn"]
    with hold_lake(root):
        create_tables(root)
        known = read_decisions(root, kind).unique(key, keep="last", maintain_order=True)
        there = known if kind is REVIEWS else _last_words(known)
        new = pl.DataFrame(rows).join(there, on=told, how="anti", maintain_order="left")
        added = new.unique(key, keep="first", maintain_order=True).to_arrow()
        added = added.select(kind.schema().names).cast(kind.schema())
        append_rows(root, kind, added.to_batches(), metadata)
        return added


def _last_words(overrides: pl.DataFrame) -> pl.DataFrame:
    """Leave out, of overrides from old to new, those that hold but were overruled since."""
    said = overrides.with_row_index("at").with_columns(is_role=pl.col("action") == "role")
    last = pl.col("at").filter(~pl.col("is_withdrawn")).max().over(*OF_LINES, "is_role")
    return said.filter(pl.col("is_withdrawn") | (pl.col("at") == last)).drop("at", "is_role")


def read_waiting(root: Root) -> pl.DataFrame:
    """
    Read the stories that wait, the longest waiting first: columns TOLD of `quarantine`.

    A rejected story waits no more while its words are the same. A released one lands, and so leaves
    quarantine: where it is still there, its run did not end, or it failed another rule since.
    """
    if not has_table(root, QUARANTINE):
        return pl.DataFrame(QUARANTINE.schema().empty_table()).select(TOLD)
    standing = current_rows(read_deliveries(root)).select("page_id", "run_id")
    found = pl.DataFrame(open_table(root, QUARANTINE).to_pyarrow_table(columns=list(TOLD)))
    aside = found.join(standing, on=["page_id", "run_id"], how="semi")
    newest = (
        read_decisions(root, REVIEWS)
        .filter(pl.col("outcome") == APPLIED)
        .unique(STORY, keep="last", maintain_order=True)
        .filter(pl.col("decision") == REJECT)
    )
    waits = aside.join(newest, on=STORY, how="anti")
    return waits.select(TOLD).sort("ingested_at", "page_id", "story_id")
