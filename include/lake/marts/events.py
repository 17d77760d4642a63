"""
What the grouping of stories into events reads from the lake.

Each analysis groups all stories anew, from their links; its rows replace those of the one before.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import one_of, select_rows
from include.lake.marts.changes import STORY_KEY
from include.lake.marts.plan import Plan
from include.lake.marts.progress import list_current_analyses, read_progresses
from include.lake.marts.read import read_mart
from include.lake.marts.texts import TEXTS, VECTORS
from include.schema.analysis import EVENT_MEMBERS, SIGNATURES, STORY_TERMS
from include.schema.column import Table, pick, schema_of
from include.storage.locations import Root

PLACED = ("story_id", "event_id")


def plan_grouping(root: Root, version: str) -> Plan | None:
    """
    Plan the next grouping, up to the version that links and pairs show; None if there is no need.

    Args:
        version: of the grouping. A new version of it, of links or of pairs groups all stories anew.
    """
    names = [kind.name for kind in (VECTORS.pairs, TEXTS.pairs, EVENT_MEMBERS)]
    *sources, last = read_progresses(root, names)
    version = " of ".join([version, *(source.analyzer_version for source in sources)])
    until = min(source.lake_version for source in sources)
    if until == 0 or (last.analyzer_version, last.lake_version) == (version, until):
        return None
    return Plan(EVENT_MEMBERS.name, last.analysis_no + 1, version, 0, until)


def read_vectors(root: Root, min_words: int) -> pa.Table:
    """
    Read STORY_KEY, vector_id, published_at, ingested_at and text_id of all current stories.

    Args:
        min_words: text_id is null for texts with fewer words.
    """
    vectors = _read(root, STORY_TERMS, *STORY_KEY, "vector_id", "published_at", "ingested_at")
    texts = _read(root, SIGNATURES, *STORY_KEY, "text_id", "text_words")
    long_enough = texts.filter(pl.col("text_words") >= min_words).drop("text_words")
    joined = vectors.join(long_enough, on=STORY_KEY, how="left", maintain_order="left")
    return joined.to_arrow()


def _read(root: Root, kind: Table, *columns: str) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(part) for part in read_mart(root, kind, columns)])


def read_members(root: Root) -> pa.Table:
    """Read story_id and event_id of the last grouping, also of stories that left since."""
    schema = schema_of(pick(EVENT_MEMBERS, *PLACED))
    analyses = list_current_analyses(root, EVENT_MEMBERS.name)
    if not analyses:
        return schema.empty_table()
    return select_rows(root, EVENT_MEMBERS, PLACED, one_of("analysis_id", analyses)).cast(schema)
