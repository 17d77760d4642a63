"""
Merge the stories of a day with one another and with earlier events, the most similar first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

UNIT = 10_000  # similarities are added as whole numbers, so that their order makes no difference
Link = tuple[int, int, int]  # a story, an earlier story or event, the sum of their similarities


class Clusters:
    """
    Events so far, each named by the number of its first story; numbers are in order of time.

    Two events of earlier days are never merged.
    """

    def __init__(self, min_average: int, events: Mapping[int, int]) -> None:
        """Begin with events by their stories; min_average: mean similarity to merge at, × UNIT."""
        self._min_average = min_average
        self._parents = dict(events)
        self._sizes: dict[int, int] = {}
        self._sums: dict[int, dict[int, int]] = {}
        self._old: set[int] = set()

    def event_of(self, story: int) -> int:
        """Return the first story of a story's event."""
        parents = self._parents
        while parents[story] != story:
            parents[story] = parents[parents[story]]
            story = parents[story]
        return story

    def add_day(
        self, stories: Sequence[int], event_sizes: Mapping[int, int], links: Iterable[Link]
    ) -> None:
        """
        Add the stories of a day, and merge what is similar.

        Args:
            event_sizes: the earlier events that stories may be added to, with the number of
                stories that the sums of `links` are over.
        """
        self._old = set(event_sizes)
        self._sizes = dict(event_sizes) | dict.fromkeys(stories, 1)
        self._parents.update((story, story) for story in stories)
        self._sums = defaultdict(dict)
        for one, other, total in links:
            self._sums[one][other] = self._sums[other][one] = total
        queue = [entry for story in stories for entry in self._rank(story)]
        heapq.heapify(queue)
        while queue:
            rank, one, other = heapq.heappop(queue)
            is_current = other in self._sums.get(one, {})
            if not is_current or rank != self._order(one, other):
                continue
            for entry in self._join(one, other):
                heapq.heappush(queue, entry)

    def _rank(self, event: int) -> Iterable[tuple[float, int, int]]:
        """Yield the events that an event may be merged with, for the queue."""
        for other in self._sums.get(event, {}):
            if event in self._old and other in self._old:
                continue
            one, two = min(event, other), max(event, other)
            order = self._order(one, two)
            if -order >= self._min_average:
                yield order, one, two

    def _order(self, one: int, other: int) -> float:
        return -self._sums[one][other] / (self._sizes[one] * self._sizes[other])

    def _join(self, one: int, other: int) -> Iterable[tuple[float, int, int]]:
        """Merge two events into the one that is earlier."""
        gone = self._sums.pop(other)
        self._parents[other] = one
        self._sizes[one] += self._sizes[other]
        if other in self._old:
            self._old.add(one)
        del self._sums[one][other]
        for event, total in gone.items():
            if event != one:
                del self._sums[event][other]
                total += self._sums[one].get(event, 0)
                self._sums[one][event] = self._sums[event][one] = total
        return self._rank(one)
