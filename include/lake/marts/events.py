"""
What the grouping of stories into events reads from the lake.

The rows of each analysis replace those of the one before. Only the days from the first that changed
are grouped anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import one_of, select_rows
from include.lake.delta.time_travel import read_runs
from include.lake.marts.changes import STORY_KEY
from include.lake.marts.plan import Plan
from include.lake.marts.progress import list_current_analyses, read_progress, read_progresses
from include.lake.marts.read import read_mart
from include.lake.marts.texts import TEXTS
from include.schema.analysis import EVENT_MEMBERS, SIGNATURES, STORY_TERMS
from include.schema.column import Table, pick, schema_of
from include.storage.locations import Root

PLACED = ("story_id", "event_id")  # all that groupings of other versions are read for
MEMBER = ("story_id", "run_id", "event_id", "leader_id", "similarity")
TERMS = ("vector_id", "terms", "weights")


def plan_grouping(root: Root, version: str) -> Plan | None:
    """
    Plan the next grouping, up to the version that terms and pairs show; None if there is no need.

    Args:
        version: of the grouping. A new version of it, of terms or of pairs groups all stories anew.
    """
    names = [kind.name for kind in (STORY_TERMS, TEXTS.pairs, EVENT_MEMBERS)]
    *sources, last = read_progresses(root, names)
    version = " of ".join([version, *(source.analyzer_version for source in sources)])
    until = min(source.lake_version for source in sources)
    if until == 0 or (last.analyzer_version, last.lake_version) == (version, until):
        return None
    return Plan(EVENT_MEMBERS.name, last.analysis_no + 1, version, 0, until)


def find_grouped_runs(root: Root, plan: Plan) -> tuple[str, ...] | None:
    """Return the runs whose stories the last grouping had; None if another version made it."""
    last = read_progress(root, EVENT_MEMBERS.name)
    if last.analyzer_version != plan.analyzer_version:
        return None
    return read_runs(root)[: last.lake_version]


def read_stories(root: Root, min_words: int) -> pa.Table:
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


def read_vectors(root: Root, vector_ids: pl.Series) -> Iterator[pa.Table]:
    """Read the vectors of these ids, part by part; a vector may be in several parts."""
    wanted = pl.DataFrame({"vector_id": vector_ids}).unique()
    for part in read_mart(root, STORY_TERMS, TERMS):
        kept = pl.DataFrame(part).join(wanted, on="vector_id", how="semi")
        yield kept.unique("vector_id", keep="any").to_arrow()


def read_members(root: Root, columns: Sequence[str]) -> pa.Table:
    """Read columns of the last grouping, also of stories that left since."""
    schema = schema_of(pick(EVENT_MEMBERS, *columns))
    analyses = list_current_analyses(root, EVENT_MEMBERS.name)
    if not analyses:
        return schema.empty_table()
    return select_rows(root, EVENT_MEMBERS, columns, one_of("analysis_id", analyses)).cast(schema)
