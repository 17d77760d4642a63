"""
Group linked stories into events: average-link clustering, day by day.

The stories of a day are grouped with one another and with the events of earlier days, the most
similar first. Two events of earlier days stay apart, whatever is published later; so an event
grows and keeps its id, unless a story arrives that was published before its last ones. The result
depends on the stories and links only, not on the order in which they arrived.

Copies of one text are grouped first and count as one, by the first of them: a text that fifty
outlets print must not decide what the event is.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

GROUPS_VERSION = "1"
MIN_AVERAGE = 0.14  # chosen on the labelled sets: docs/analysis.md, Events
UNIT = 10_000  # similarities are added as whole numbers, so that their order makes no difference
READS = ("story_id", "text_id", "vector_id", "published_at", "ingested_at")
MEMBERS = {"story_id": pl.String, "event_id": pl.String, "similarity": pl.Float64}


def group_stories(
    stories: pa.Table, links: pa.Table, copies: pa.Table, min_average: float = MIN_AVERAGE
) -> pa.Table:
    """
    Group stories into events.

    Args:
        stories: columns READS; text_id is null for texts too short to be copies.
        links: vector_a, vector_b, similarity. copies: text_a and text_b of texts that copy one
            another.
    Returns:
        story_id, event_id and similarity of each story that is in an event of two or more; sorted
        by story_id.
    """
    frame = pl.DataFrame(stories.select(list(READS)))
    seen = pl.coalesce("published_at", "ingested_at")
    ordered = frame.with_columns(seen=seen).sort("seen", "story_id").with_row_index("at")
    first = _join_copies(ordered, pl.DataFrame(copies))
    days = ordered["seen"].dt.epoch("d").to_list()
    clusters = _Clusters(days, round(min_average * UNIT))
    neighbours = _link_firsts(ordered, first, pl.DataFrame(links))
    by_day = defaultdict(list)
    for at, leader in enumerate(first):
        if at == leader:
            by_day[days[at]].append(at)
    for day in sorted(by_day):
        clusters.add_day(by_day[day], neighbours)
    events = [clusters.event_of(leader) for leader in first]
    return _list_members(ordered["story_id"].to_list(), first, events, clusters, neighbours)


def _join_copies(ordered: pl.DataFrame, copies: pl.DataFrame) -> list[int]:
    """Give for each story the first of the stories that have its text, a copy or its vector."""
    parents = list(range(ordered.height))
    pairs: list[tuple[int, int]] = []
    for key in ("text_id", "vector_id"):
        keyed = ordered.select("at", key).drop_nulls()
        leading = pl.col("at").min().over(key)
        pairs += keyed.select("at", first=leading).filter(pl.col("at") > pl.col("first")).rows()
    leaders = ordered.drop_nulls("text_id").group_by("text_id").agg(pl.col("at").min())
    pairs += (
        copies.join(leaders, left_on="text_a", right_on="text_id")
        .join(leaders, left_on="text_b", right_on="text_id", suffix="_b")
        .select("at", "at_b")
        .rows()
    )
    for one, other in pairs:
        low, high = sorted((_root(parents, one), _root(parents, other)))
        parents[high] = low
    return [_root(parents, at) for at in range(len(parents))]


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


def _link_firsts(
    ordered: pl.DataFrame, first: list[int], links: pl.DataFrame
) -> dict[int, dict[int, int]]:
    """Give the linked stories of each story that is the first of its copies, by similarity."""
    leaders = ordered.filter(pl.Series(first, dtype=pl.UInt32) == pl.col("at"))
    leaders = leaders.select("at", "vector_id")
    rows = (
        links.join(leaders, left_on="vector_a", right_on="vector_id")
        .join(leaders, left_on="vector_b", right_on="vector_id", suffix="_b")
        .select("at", "at_b", (pl.col("similarity") * UNIT).round().cast(pl.Int64))
        .rows()
    )
    neighbours: dict[int, dict[int, int]] = defaultdict(dict)
    for one, other, similarity in rows:
        neighbours[one][other] = neighbours[other][one] = similarity
    return neighbours


@dataclass
class _Clusters:
    """
    Events so far: each named by its first story, with its size and its similarity to others.

    days: the day of each story. sums: for two events, the sum of similarities of their stories.
    """

    days: list[int]
    min_average: int
    parents: dict[int, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    sums: dict[int, dict[int, int]] = field(default_factory=dict)
    old: set[int] = field(default_factory=set)  # events of days before the one that is added

    def event_of(self, story: int) -> int:
        """Return the first story of a story's event."""
        while self.parents[story] != story:
            self.parents[story] = self.parents[self.parents[story]]
            story = self.parents[story]
        return story

    def add_day(self, stories: Iterable[int], neighbours: dict[int, dict[int, int]]) -> None:
        """Group the stories of a day with one another and with earlier events."""
        self.sums, self.old = {}, set()
        added = sorted(stories)
        for story in added:
            self.parents[story], self.sizes[story] = story, 1
        for story in added:
            sums: dict[int, int] = defaultdict(int)
            for linked, similarity in neighbours.get(story, {}).items():
                if linked in self.parents:
                    sums[self.event_of(linked)] += similarity
            self.sums[story] = dict(sums)
        new = set(added)
        for story in added:
            for event, similarity in self.sums[story].items():
                if event not in new:
                    self.old.add(event)
                    self.sums.setdefault(event, {})[story] = similarity
        self._merge(added)

    def _merge(self, added: list[int]) -> None:
        queue = [entry for story in added for entry in self._rank(story)]
        heapq.heapify(queue)
        while queue:
            rank, one, other = heapq.heappop(queue)
            is_current = one in self.sums and other in self.sums and other in self.sums[one]
            if not is_current or rank != self._order(one, other):
                continue
            for entry in self._join(one, other):
                heapq.heappush(queue, entry)

    def _rank(self, event: int) -> Iterable[tuple[float, int, int]]:
        """Yield the events that an event may be merged with, for the queue."""
        for other in self.sums[event]:
            if event in self.old and other in self.old:
                continue
            one, two = min(event, other), max(event, other)
            order = self._order(one, two)
            if -order >= self.min_average:
                yield order, one, two

    def _order(self, one: int, other: int) -> float:
        return -self.sums[one][other] / (self.sizes[one] * self.sizes[other])

    def _join(self, one: int, other: int) -> Iterable[tuple[float, int, int]]:
        """Merge two events into the one that is earlier."""
        gone = self.sums.pop(other)
        self.parents[other] = one
        self.sizes[one] += self.sizes[other]
        if other in self.old:
            self.old.add(one)
        del self.sums[one][other]
        for event, similarity in gone.items():
            if event != one:
                del self.sums[event][other]
                total = self.sums[one].get(event, 0) + similarity
                self.sums[one][event] = self.sums[event][one] = total
        return self._rank(one)


def _list_members(
    story_ids: list[str],
    first: list[int],
    events: list[int],
    clusters: _Clusters,
    neighbours: dict[int, dict[int, int]],
) -> pa.Table:
    """Give the stories of events of two or more, with their similarity to the others."""
    counts: dict[int, int] = defaultdict(int)
    for event in events:
        counts[event] += 1
    rows = []
    for story_id, leader, event in zip(story_ids, first, events, strict=True):
        if counts[event] < 2:
            continue
        others = clusters.sizes[event] - 1
        linked = neighbours.get(leader, {}).items()
        total = sum(value for other, value in linked if events[other] == event)
        similarity = round(total / UNIT / others, 4) if others else 1.0
        rows.append((story_id, story_ids[event], similarity))
    return pl.DataFrame(rows, schema=MEMBERS, orient="row").sort("story_id").to_arrow()
