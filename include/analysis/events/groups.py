"""
Group stories into events: average-link clustering, day by day.

The stories of a day are grouped with one another and with the events of earlier days, the most
similar first. Two events of earlier days stay apart, whatever is published later; so an event
grows and keeps its id, unless a story arrives that was published before its last ones. The result
depends on the stories only, not on the order in which they arrived. What is known of the days
before the first that changed need not be found again.

Copies of one text are grouped first and count as one, by the first of them: a text that fifty
outlets print must not decide what the event is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from include.analysis.events.clusters import UNIT, Clusters, Link
from include.analysis.events.similarity import ROWS_AT_ONCE, Rows, Vectors, compare, make_vectors
from include.analysis.events.terms import SCALE

GROUPS_VERSION = "2"
MIN_AVERAGE = 0.12  # chosen on labelled sets and the sample inbox: docs/analysis.md, Events
MIN_SIMILARITY = 0.1  # of a story to another or to an event; less counts as nothing
WINDOW_DAYS = 60  # stories of an event that are older do not count for a new one
# A similarity loses a tenth for a day since the event's last story, and a fifth for more: most
# reports of one event are a day apart, and background comes weeks later.
LOSS_PER_DAY, MOST_LOSS = 0.1, 0.2
UNDATED_LOSS = 0.2  # a story without a date counts as published when ingested, which is a guess
# More for events that were published long before that story was ingested, but ingested with it: it
# may be as old as they are.
FAR_LOSS = 0.4
READS = ("story_id", "text_id", "vector_id", "published_at", "ingested_at")
GROUPED = {
    "story_id": pl.String, "event_id": pl.String, "leader_id": pl.String, "similarity": pl.Float64
}  # fmt: skip


@dataclass(frozen=True)
class Grouped:
    """A grouping that holds before `first_day` (days since 1970); members: GROUPED."""

    first_day: int
    members: pl.DataFrame


@dataclass(frozen=True)
class Ordered:
    """
    Stories in order of publication, else ingestion, then story_id.

    frame: READS, `at` and `seen`. days: since 1970. leaders: for each story
    the first of its copies.
    """

    frame: pl.DataFrame
    days: Rows
    leaders: Rows


def order_stories(stories: pa.Table, copies: pa.Table) -> Ordered:
    """
    Order stories and join copies.

    Args:
        stories: columns READS and others; text_id is null for texts too short to be copies.
        copies: text_a and text_b of texts that copy one another.
    """
    seen = pl.coalesce("published_at", "ingested_at")
    frame = pl.DataFrame(stories).with_columns(seen=seen).sort("seen", "story_id")
    frame = frame.with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    days = frame["seen"].dt.epoch("d").cast(pl.Int64).to_numpy()
    return Ordered(frame, days, _find_leaders(frame, pl.DataFrame(copies)))


def _find_leaders(ordered: pl.DataFrame, copies: pl.DataFrame) -> Rows:
    """Give for each story the first of the stories that have its text, a copy or its vector."""
    pairs = []
    for key in ("text_id", "vector_id"):
        keyed = ordered.select("at", key).drop_nulls()
        pairs.append(keyed.select("at", at_b=pl.col("at").min().over(key)))
    firsts = ordered.drop_nulls("text_id").group_by("text_id").agg(pl.col("at").min())
    joined = copies.join(firsts, left_on="text_a", right_on="text_id")
    joined = joined.join(firsts, left_on="text_b", right_on="text_id", suffix="_b")
    ends = pl.concat([*pairs, joined.select("at", "at_b")])
    ones = np.ones(ends.height, np.int8)
    graph = sparse.csr_array(
        (ones, (ends["at"].to_numpy(), ends["at_b"].to_numpy())), shape=(ordered.height,) * 2
    )
    _, labels = sparse.csgraph.connected_components(graph, directed=False)
    labelled = pl.DataFrame({"at": ordered["at"], "label": labels})
    return labelled.select(pl.col("at").min().over("label"))["at"].to_numpy()


def group_stories(
    stories: Ordered,
    vectors: pl.DataFrame,
    grouped: Grouped | None = None,
    min_average: float = MIN_AVERAGE,
) -> pa.Table:
    """
    Group stories into events.

    Args:
        vectors: vector_id, columns and weights (`similarity.encode_terms`), each once: of the
            stories of `grouped.first_day`, later, and up to WINDOW_DAYS before it, and of all
            stories of events that have any of these.
    Returns:
        GROUPED: each story that is in an event of two or more, sorted by story_id. `leader_id` is
        the first of its copies, `similarity` the mean similarity to the other texts of the event.
    """
    leaders = np.flatnonzero(stories.leaders == np.arange(len(stories.days)))
    rows = stories.frame.select("vector_id", "published_at", "ingested_at")[leaders].join(
        vectors, on="vector_id", how="left", maintain_order="left"
    )
    of_leaders = make_vectors(rows)
    days = stories.days[leaders]
    ingested = rows["ingested_at"].dt.epoch("d").cast(pl.Int64).to_numpy()
    is_undated = rows["published_at"].is_null().to_numpy()
    clusters = Clusters(round(min_average * UNIT), _list_known(stories, leaders, grouped))
    first_day = grouped.first_day if grouped else days.min(initial=0)
    for day in np.unique(days[days >= first_day]):
        low, start, stop = np.searchsorted(days, (day - WINDOW_DAYS, day, day + 1))
        new = _Day(of_leaders.take(slice(start, stop)), leaders[start:stop], is_undated[start:stop])
        near = _add_up(of_leaders, leaders, np.arange(low, start), clusters)
        gaps = np.full(len(near.ids), WINDOW_DAYS)
        np.minimum.at(gaps, near.groups, day - days[low:start])
        nobody = np.zeros(len(new.ids))
        links = [*_link(new, new, nobody), *_link(new, near, LOSS_PER_DAY * gaps)]
        sizes = near.sizes()
        if new.is_undated.any():
            is_far = (np.abs(ingested[:low] - day) <= WINDOW_DAYS) & ~is_undated[:low]
            far = _add_up(of_leaders, leaders, np.flatnonzero(is_far), clusters, set(sizes))
            links += _link(new.keep(new.is_undated), far, np.full(len(far.ids), FAR_LOSS), FAR_LOSS)
            sizes |= far.sizes()
        clusters.add_day(new.ids.tolist(), sizes, links)
    of_event = np.array([clusters.event_of(at) for at in stories.leaders.tolist()], np.int64)
    return _list_members(stories, of_event, leaders, of_leaders, grouped)


@dataclass(frozen=True)
class _Day:
    """The stories of a day: their vectors, numbers, and which of them have no date."""

    vectors: Vectors
    ids: Rows
    is_undated: NDArray[np.bool_]

    def keep(self, kept: NDArray[np.bool_]) -> _Day:
        """Return some of the stories."""
        return _Day(self.vectors.take(np.flatnonzero(kept)), self.ids[kept], self.is_undated[kept])


@dataclass(frozen=True)
class _Events:
    """Sums of stories by event; ids: of the events; groups: the place of each story's event."""

    vectors: Vectors
    ids: Rows
    groups: Rows

    def sizes(self) -> dict[int, int]:
        """Return how many stories each event's sum is of."""
        return dict(zip(self.ids.tolist(), self.vectors.sizes.tolist(), strict=True))


def _add_up(
    vectors: Vectors,
    leaders: Rows,
    rows: Rows,
    clusters: Clusters,
    left_out: Collection[int] = (),
) -> _Events:
    """Add up the vectors of some leaders by their event, but for events that are left out."""
    of_rows = np.array([clusters.event_of(at) for at in leaders[rows].tolist()], np.int64)
    kept = ~np.isin(of_rows, list(left_out))
    ids, groups = np.unique(of_rows[kept], return_inverse=True)
    return _Events(vectors.take(rows[kept]).add_up(groups, len(ids)), ids, groups)


def _link(
    new: _Day, others: _Day | _Events, losses: NDArray[np.float64], most_loss: float = MOST_LOSS
) -> list[Link]:
    """List the new stories and earlier ones or events that are similar, with their sum."""
    at, to, means = compare(new.vectors, others.vectors, MIN_SIMILARITY)
    loss = np.minimum(losses[to], most_loss)
    loss = np.maximum(loss, np.where(new.is_undated[at], UNDATED_LOSS, 0.0))
    if isinstance(others, _Day):
        loss = np.maximum(loss, np.where(others.is_undated[to], UNDATED_LOSS, 0.0))
    means = np.round(means * (1 - loss), 4)
    kept = (means >= MIN_SIMILARITY) & (others.ids[to] < new.ids[at])
    totals = np.round(means[kept] * others.vectors.sizes[to[kept]] * UNIT).astype(np.int64)
    ends = new.ids[at[kept]].tolist(), others.ids[to[kept]].tolist()
    return list(zip(*ends, totals.tolist(), strict=True))


def _list_known(stories: Ordered, leaders: Rows, grouped: Grouped | None) -> dict[int, int]:
    """Give the event of each leader before the first day that is grouped anew."""
    if grouped is None:
        return {}
    settled = leaders[stories.days[leaders] < grouped.first_day]
    known = stories.frame.select("story_id", "at")
    events = (
        known[settled]
        .join(grouped.members.select("story_id", "event_id"), on="story_id", how="left")
        .join(known, left_on="event_id", right_on="story_id", how="left", suffix="_event")
    )
    return dict(events.select("at", pl.coalesce("at_event", "at").alias("event")).iter_rows())


def _list_members(
    stories: Ordered, events: Rows, leaders: Rows, vectors: Vectors, grouped: Grouped | None
) -> pa.Table:
    """Give the stories of events of two or more, with their similarity to the others."""
    roots, groups = np.unique(events[leaders], return_inverse=True)
    sums = vectors.add_up(groups, len(roots))
    products = np.empty(len(leaders))
    for start in range(0, len(leaders), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        own = vectors.weights[part].astype(np.int64)
        products[part] = own.multiply(sums.weights[groups[part]] - own).sum(axis=1)
    others = sums.sizes[groups] - 1
    mean = np.where(others > 0, products / np.maximum(others, 1) / SCALE**2, 1.0)
    similarity = np.empty(len(events))
    similarity[leaders] = np.round(np.minimum(mean, 1.0), 4)
    ids = stories.frame["story_id"]
    members = pl.DataFrame({
        "story_id": ids,
        "event_id": ids.gather(events),
        "leader_id": ids.gather(stories.leaders),
        "similarity": similarity[stories.leaders],
        "day": stories.days,
    })  # fmt: skip
    members = members.filter(pl.len().over("event_id") > 1)
    if grouped is not None:
        is_settled = pl.col("day").max().over("event_id") < grouped.first_day
        before = grouped.members.select("story_id", before="similarity")
        members = members.join(before, on="story_id", how="left", maintain_order="left")
        similarity_now = pl.when(is_settled).then("before").otherwise("similarity")
        members = members.with_columns(similarity=similarity_now)
    return members.select(list(GROUPED)).sort("story_id").to_arrow()
