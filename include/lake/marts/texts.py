"""
What the pairing of texts reads of the lake: texts that are new, known and paired; their bodies.

A text is what the signatures of several stories may share: its words. A pair belongs to its texts,
so it stays while each of them is the text of some current story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import has_table, one_of, select_rows
from include.lake.delta.time_travel import read_runs
from include.lake.marts.changes import read_stories
from include.lake.marts.plan import Plan
from include.lake.marts.progress import counting_analyses, read_progress
from include.lake.marts.read import read_mart
from include.schema.analysis import SIGNATURES, TEXT_PAIRS
from include.storage.locations import Root

STORY = ("story_id", "page_id", "run_id", "ingest_day")
PAIR = ["text_a", "text_b"]
IDS_AT_ONCE = 2_000
STORIES_AT_ONCE = 2_000  # bodies read at once: about 8 MB


def plan_pairing(root: Root, version: str) -> Plan | None:
    """
    Plan the next pairing, up to the version that the signatures show; None if it is there.

    Args:
        version: of the comparison; with another version of it or of the signatures, all texts are
            paired anew.
    """
    signed, last = (read_progress(root, kind.name) for kind in (SIGNATURES, TEXT_PAIRS))
    version = f"{version} of {signed.analyzer_version}"
    since = last.lake_version if last.analyzer_version == version else 0
    if since >= signed.lake_version:
        return None
    return Plan(TEXT_PAIRS.name, last.analysis_no + 1, version, since, signed.lake_version)


def read_texts(
    root: Root, columns: Sequence[str], since: int = 0, until: int | None = None
) -> Iterator[pa.Table]:
    """
    Read the texts of current stories that the runs after version `since` up to `until` landed.

    Returns:
        Tables with text_id, STORY (of one story that has it) and `columns`; each text once.
    """
    runs = read_runs(root)[since:until] if since else None
    names = list(dict.fromkeys(["text_id", *STORY, *columns]))
    seen = pl.DataFrame(schema={"text_id": pl.String})
    for rows in read_mart(root, SIGNATURES, names, runs):
        fresh = pl.DataFrame(rows).unique("text_id", keep="first", maintain_order=True)
        fresh = fresh.join(seen, on="text_id", how="anti")
        seen = pl.concat([seen, fresh.select("text_id")])
        yield fresh.to_arrow()


def drop_paired(root: Root, pairs: pa.Table, plan: Plan) -> pa.Table:
    """Return the pairs that are not in the lake yet; all if the mart is made afresh."""
    if not plan.since:
        return pairs
    left = pl.DataFrame(pairs).join(_read_pairs(root), on=PAIR, how="anti")
    return left.sort(PAIR).to_arrow()


def find_dead(root: Root, texts: pa.ChunkedArray, plan: Plan) -> list[str]:
    """Return predicates for the pairs of texts that no current story has; texts: all that are."""
    if not plan.since:
        return []
    alive = pl.Series(texts)
    paired = _read_pairs(root)
    ids = pl.concat([paired["text_a"], paired["text_b"]]).unique()
    dead = ids.filter(~ids.is_in(alive.implode())).sort()
    parts = [dead[start : start + IDS_AT_ONCE] for start in range(0, len(dead), IDS_AT_ONCE)]
    return [f"{one_of(PAIR[0], part)} or {one_of(PAIR[1], part)}" for part in parts]


def read_bodies(root: Root, texts: pa.Table) -> pa.Table:
    """Read text_id and body of some texts; texts: rows of `read_texts`."""
    keys = pl.DataFrame(texts).select("text_id", *STORY).sort("ingest_day", "page_id")
    parts = [pl.DataFrame(schema={"text_id": pl.String, "body": pl.String})]
    for part in keys.iter_slices(STORIES_AT_ONCE):
        bodies = pl.DataFrame(read_stories(root, part.to_arrow(), (*STORY, "body")))
        named = part.join(bodies, on=STORY[:3], how="inner")
        parts.append(named.select("text_id", "body"))
    return pl.concat(parts).to_arrow()


def _read_pairs(root: Root) -> pl.DataFrame:
    """Read text_a and text_b of all pairs that count."""
    if not has_table(root, TEXT_PAIRS):
        return pl.DataFrame(schema=dict.fromkeys(PAIR, pl.String))
    rows = pl.DataFrame(select_rows(root, TEXT_PAIRS, [*PAIR, "analysis_id"], "true"))
    counting = counting_analyses(root, TEXT_PAIRS.name)
    return rows.filter(pl.col("analysis_id").is_in(counting)).select(PAIR)
