"""
What a mart of pairs reads from the lake: the texts to pair, the pairs so far, bodies.

Stories with the same words have the same text, and so the same text_id. A pair stays as long as
both of its ends have a current story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import has_table, one_of, select_rows
from include.lake.delta.time_travel import read_runs
from include.lake.marts.changes import IDS_AT_ONCE, STORY_KEY, read_stories
from include.lake.marts.plan import Plan
from include.lake.marts.progress import list_current_analyses, read_progresses
from include.lake.marts.read import read_mart
from include.schema.analysis import SIGNATURES, TEXT_PAIRS
from include.schema.column import Table, pick, schema_of
from include.storage.locations import Root

STORIES_AT_ONCE = 2_000  # bodies read at once: about 8 MB


@dataclass(frozen=True)
class PairMart:
    """A mart of pairs. source: the mart of stories whose `key` is paired. ends: its columns."""

    pairs: Table
    source: Table
    key: str
    ends: tuple[str, str]


TEXTS = PairMart(TEXT_PAIRS, SIGNATURES, "text_id", ("text_a", "text_b"))


def plan_pairing(root: Root, version: str, mart: PairMart = TEXTS) -> Plan | None:
    """
    Plan the next pairing, up to the version that its source shows; None if there is no need.

    Args:
        version: of the comparison. A new version of it or of the source pairs everything again.
    """
    source, last = read_progresses(root, (mart.source.name, mart.pairs.name))
    version = f"{version} of {source.analyzer_version}"
    since = last.lake_version if last.analyzer_version == version else 0
    if since >= source.lake_version:
        return None
    return Plan(mart.pairs.name, last.analysis_no + 1, version, since, source.lake_version)


def read_texts(
    root: Root,
    columns: Sequence[str],
    since: int = 0,
    until: int | None = None,
    mart: PairMart = TEXTS,
) -> Iterator[pa.Table]:
    """
    Read the texts of current stories that the runs after version `since` up to `until` landed.

    Returns:
        Tables with the key, STORY_KEY (of one story that has it) and `columns`; each key once.
    """
    runs = read_runs(root)[since:until] if since else None
    names = list(dict.fromkeys([mart.key, *STORY_KEY, *columns]))
    earlier = pl.DataFrame(schema={mart.key: pl.String})
    for rows in read_mart(root, mart.source, names, runs):
        fresh = pl.DataFrame(rows).unique(mart.key, keep="first", maintain_order=True)
        fresh = fresh.join(earlier, on=mart.key, how="anti")
        earlier = pl.concat([earlier, fresh.select(mart.key)])
        yield fresh.to_arrow()


def join_pairs(parts: Sequence[pa.Table], mart: PairMart) -> pa.Table:
    """Return each pair of these tables once, in order of its ends; two tables may have the same."""
    pairs = pl.concat([pl.DataFrame(part) for part in parts])
    return pairs.unique().sort(mart.ends).to_arrow()


def drop_paired(root: Root, pairs: pa.Table, plan: Plan, mart: PairMart = TEXTS) -> pa.Table:
    """Return the pairs that are not in the lake yet; all of them if the mart is rebuilt."""
    if not plan.since:
        return pairs
    ends = list(mart.ends)
    paired = pl.DataFrame(read_pairs(root, mart, ends))
    return pl.DataFrame(pairs).join(paired, on=ends, how="anti").sort(ends).to_arrow()


def find_stale_pairs(
    root: Root, keys: pa.ChunkedArray, plan: Plan, mart: PairMart = TEXTS
) -> list[str]:
    """Return predicates for pairs with an end of no current story; keys: all current ones."""
    if not plan.since:
        return []
    one, other = mart.ends
    current = pl.Series(keys)
    paired = pl.DataFrame(read_pairs(root, mart, mart.ends))
    ids = pl.concat([paired[one], paired[other]]).unique()
    stale = ids.filter(~ids.is_in(current.implode())).sort()
    parts = [stale[start : start + IDS_AT_ONCE] for start in range(0, len(stale), IDS_AT_ONCE)]
    return [f"{one_of(one, part)} or {one_of(other, part)}" for part in parts]


def read_pairs(root: Root, mart: PairMart, columns: Sequence[str]) -> pa.Table:
    """Read some columns of all pairs that count, in order of their ends."""
    schema = schema_of(pick(mart.pairs, *columns))
    if not has_table(root, mart.pairs):
        return schema.empty_table()
    names = list(dict.fromkeys([*columns, *mart.ends, "analysis_id"]))
    rows = pl.DataFrame(select_rows(root, mart.pairs, names, "true"))
    analysis_ids = list_current_analyses(root, mart.pairs.name)
    counted = rows.filter(pl.col("analysis_id").is_in(analysis_ids)).sort(mart.ends)
    return counted.select(columns).to_arrow().cast(schema)


def read_bodies(root: Root, texts: pa.Table) -> pa.Table:
    """Read text_id and body of some texts; texts: rows of `read_texts`."""
    keys = pl.DataFrame(texts).select("text_id", *STORY_KEY).sort("ingest_day", "page_id")
    parts = [pl.DataFrame(schema={"text_id": pl.String, "body": pl.String})]
    for part in keys.iter_slices(STORIES_AT_ONCE):
        bodies = pl.DataFrame(read_stories(root, part.to_arrow(), (*STORY_KEY, "body")))
        named = part.join(bodies, on=STORY_KEY[:3], how="inner")
        parts.append(named.select("text_id", "body"))
    return pl.concat(parts).to_arrow()
