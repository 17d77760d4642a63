"""
What waits for a person: stories set aside, of standing pages, that nobody has decided on.
"""

from __future__ import annotations

import polars as pl

from include.columns import QUARANTINE, REVIEWS
from include.lake.decisions import APPLIED, REJECT, read_decisions
from include.lake.ledger import read_deliveries
from include.lake.standing import standing_rows
from include.lake.tables import has_table, open_table
from include.place import Root

TOLD = (
    "story_id", "page_id", "run_id", "text_hash", "source_name", "ingest_day", "headline", "outlet",
    "confidence", "reasons", "failed_rules", "observed", "headline_spans", "body_spans",
    "caption_spans", "other_spans", "ingested_at",
)  # fmt: skip
STORY = ["story_id", "text_hash"]


def read_waiting(root: Root) -> pl.DataFrame:
    """
    Read the stories that wait, the longest waiting first: columns TOLD of `quarantine`.

    A rejected story waits no more while its words are the same. A released one lands, and so leaves
    quarantine: where it is still there, its run did not end, or it failed another rule since.
    """
    if not has_table(root, QUARANTINE):
        return pl.DataFrame(QUARANTINE.schema().empty_table()).select(TOLD)
    standing = standing_rows(read_deliveries(root)).select("page_id", "run_id")
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
