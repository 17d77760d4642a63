"""
What the pairing of texts reads from the lake: the texts, the pairs so far, and bodies.

Stories with the same words have the same text, and so the same text_id. A pair stays as long as
both of its texts have a current story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import has_table, one_of, select_rows
from include.lake.delta.time_travel import read_runs
from include.lake.marts.changes import IDS_AT_ONCE, STORY_KEY, read_stories
from include.lake.marts.plan import Plan
from include.lake.marts.progress import list_current_analyses, read_progress
from include.lake.marts.read import read_mart
from include.schema.analysis import SIGNATURES, TEXT_PAIRS
from include.storage.locations import Root

PAIR = ["text_a", "text_b"]
STORIES_AT_ONCE = 2_000  # bodies read at once: about 8 MB


def plan_pairing(root: Root, version: str) -> Plan | None:
    """
    Plan the next pairing, up to the version that the signatures show; None if there is no need.

    Args:
        version: of the comparison. A new version of it or of the signatures pairs all texts again.
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
        Tables with text_id, STORY_KEY (of one story that has the text) and `columns`; each text
        once.
    """
    runs = read_runs(root)[since:until] if since else None
    names = list(dict.fromkeys(["text_id", *STORY_KEY, *columns]))
    earlier = pl.DataFrame(schema={"text_id": pl.String})
    for rows in read_mart(root, SIGNATURES, names, runs):
        fresh = pl.DataFrame(rows).unique("text_id", keep="first", maintain_order=True)
        fresh = fresh.join(earlier, on="text_id", how="anti")
        earlier = pl.concat([earlier, fresh.select("text_id")])
        yield fresh.to_arrow()


def drop_paired(root: Root, pairs: pa.Table, plan: Plan) -> pa.Table:
    """Return the pairs that are not in the lake yet; all of them if the mart is rebuilt."""
    if not plan.since:
        return pairs
    unpaired = pl.DataFrame(pairs).join(_read_pairs(root), on=PAIR, how="anti")
    return unpaired.sort(PAIR).to_arrow()


def find_stale_pairs(root: Root, text_ids: pa.ChunkedArray, plan: Plan) -> list[str]:
    """Return predicates for pairs with a text of no current story; text_ids: all current ones."""
    if not plan.since:
        return []
    current = pl.Series(text_ids)
    paired = _read_pairs(root)
    ids = pl.concat([paired["text_a"], paired["text_b"]]).unique()
    stale = ids.filter(~ids.is_in(current.implode())).sort()
    parts = [stale[start : start + IDS_AT_ONCE] for start in range(0, len(stale), IDS_AT_ONCE)]
    return [f"{one_of(PAIR[0], part)} or {one_of(PAIR[1], part)}" for part in parts]


def read_bodies(root: Root, texts: pa.Table) -> pa.Table:
    """Read text_id and body of some texts; texts: rows of `read_texts`."""
    keys = pl.DataFrame(texts).select("text_id", *STORY_KEY).sort("ingest_day", "page_id")
    parts = [pl.DataFrame(schema={"text_id": pl.String, "body": pl.String})]
    for part in keys.iter_slices(STORIES_AT_ONCE):
        bodies = pl.DataFrame(read_stories(root, part.to_arrow(), (*STORY_KEY, "body")))
        named = part.join(bodies, on=STORY_KEY[:3], how="inner")
        parts.append(named.select("text_id", "body"))
    return pl.concat(parts).to_arrow()


def _read_pairs(root: Root) -> pl.DataFrame:
    """Read text_a and text_b of all pairs that count."""
    if not has_table(root, TEXT_PAIRS):
        return pl.DataFrame(schema=dict.fromkeys(PAIR, pl.String))
    rows = pl.DataFrame(select_rows(root, TEXT_PAIRS, [*PAIR, "analysis_id"], "true"))
    analysis_ids = list_current_analyses(root, TEXT_PAIRS.name)
    return rows.filter(pl.col("analysis_id").is_in(analysis_ids)).select(PAIR)
