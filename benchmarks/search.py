"""
Measure the search index: how fast it is made, how large it is, how long a search takes.

    python -m benchmarks.search [--stories 1000000] [--queries 500] [--revised 1000]

The stories are generated: invented words, of which the n-th commonest occurs as often as 1/n
(Zipf's law), in sentences that many stories share. Searches are of words, phrases, alternatives and
filters; each is timed from its text to its 20 rows with their snippets. Making a million stories
and their index takes 15 CPU minutes; deterministic by seed.
"""

from __future__ import annotations

import argparse
import bisect
import itertools
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from include.warehouse.search.find import find_stories
from include.warehouse.search.index import (
    EPOCH,
    SPLIT,
    Row,
    make_document,
    name_split,
    open_index,
)
from include.warehouse.search.update import HEAP_BYTES

SYLLABLES = "bar cor den el fen gal hol ing jor ken lan mer nor ow pel quil ran sal tör und"
VOCABULARY = 200_000
SENTENCES = 100_000
OUTLETS = 200
FIRST_DAY = date(2024, 1, 1)
DAYS = 900
ROWS = 20


def main() -> None:
    """Print a row per kind of search, and what the index took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--revised", type=int, default=1_000, help="stories of the second update")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print(build(folder, make_stories(arguments.stories, 7), arguments.stories))
        print(f"{measure_size(folder) / arguments.stories:,.0f} bytes per story on disk")
        print("| search | median ms | p95 ms | median CPU ms | rows |\n|---|---:|---:|---:|---:|")
        for kind, queries in make_queries(arguments.queries).items():
            print(measure(folder, kind, queries))
        everything = list(itertools.chain(*make_queries(arguments.queries).values()))
        print(measure(folder, "all", everything))
        print(revise(folder, arguments.revised))


@cache
def make_words() -> tuple[list[str], list[float]]:
    """Make a vocabulary, and how often its words occur, cumulated."""
    dice = Random(3)
    parts = SYLLABLES.split()
    words = list(dict.fromkeys("".join(dice.choices(parts, k=4)) for _ in range(2 * VOCABULARY)))
    words = words[:VOCABULARY]
    return words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))


@cache
def make_sentences() -> list[str]:
    """Make the sentences that bodies are drawn from, of 5 to 30 words."""
    dice = Random(5)
    words, weights = make_words()
    return [
        " ".join(dice.choices(words, cum_weights=weights, k=dice.randint(5, 30))).capitalize() + "."
        for _ in range(SENTENCES)
    ]


def make_stories(count: int, seed: int) -> Iterator[Row]:
    """Make stories of one page each, with a sentence of their own."""
    dice = Random(seed)
    words, weights = make_words()
    sentences = make_sentences()
    begun = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    for number in range(count):
        own = dice.choices(words, cum_weights=weights, k=16)
        at = begun + timedelta(days=dice.randrange(DAYS))
        yield Row(
            story_id=f"{number:024x}",
            page_id=f"{seed:032x}{number:032x}",
            run_id=f"run {number // 1000}",
            source_name=f"{number:08d}.txt",
            story_no=1,
            headline=" ".join(own[8:]).title(),
            outlet=f"Outlet {dice.randrange(OUTLETS)}",
            published_us=(at - EPOCH) // EPOCH.resolution,
            body=" ".join([*own[:8], *dice.choices(sentences, k=dice.randint(5, 35))]),
        )


def build(folder: Path, stories: Iterator[Row], count: int) -> str:
    """Index stories as an update does; say how fast."""
    writer = open_index(folder).writer(heap_size=HEAP_BYTES, num_threads=1)
    began, cpu_began, making, size = time.perf_counter(), time.process_time(), 0.0, 0
    for row in stories:
        making -= time.thread_time()
        size += len(row.body.encode())
        at = EPOCH + timedelta(microseconds=row.published_us or 0)
        writer.add_document(make_document(row, "en", at.date()))
        making += time.thread_time()
    writer.commit()
    writer.wait_merging_threads()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{count:,} stories, {size / 1e6:,.0f} MB of bodies: {seconds:,.0f} s, {cpu:,.0f} CPU s, "
        f"of which {making:,.0f} s cut words ({count / making:,.0f} stories/s); "
        f"peak {peak:,.0f} MiB"
    )


def measure_size(folder: Path) -> int:
    """Return the size of the index (bytes)."""
    return sum(path.stat().st_size for path in folder.iterdir())


def make_queries(count: int) -> dict[str, list[str]]:
    """Make searches, by kind; words are drawn by frequency, without the 50 commonest."""
    dice = Random(11)
    words, weights = make_words()
    start = bisect.bisect(weights, weights[50])

    def word() -> str:
        return dice.choices(words[start:], cum_weights=weights[start:], k=1)[0]

    stories = [row.body.split(maxsplit=8) for row in make_stories(count, 7)]
    outlet = [f"'outlet {dice.randrange(OUTLETS)}'" for _ in range(count)]
    return {
        "one word": [word() for _ in range(count)],
        "two words": [f"{word()} {word()}" for _ in range(count)],
        "a phrase of two": [f'"{story[3]} {story[4]}"' for story in stories],
        "a phrase of the commonest words": [f'"{words[n % 9]} {words[n % 7]}"' for n in range(99)],
        "three alternatives": [f"{word()} OR {word()} OR {word()}" for _ in range(count)],
        "two words, one not": [f"{word()} {word()} -{word()}" for _ in range(count)],
        "a word, an outlet, since a day": [
            f"{word()} outlet:{name} after:2025-06-01" for name in outlet
        ],
        "an outlet": [f"outlet:{name}" for name in outlet],
    }


def measure(folder: Path, kind: str, queries: list[str]) -> str:
    """Time searches one after the other; give a row of the table."""
    seconds, cpu, rows = [], [], []
    for query in queries:
        began, cpu_began = time.perf_counter(), time.process_time()
        rows.append(len(find_stories(folder, query, ROWS)))
        cpu.append(time.process_time() - cpu_began)
        seconds.append(time.perf_counter() - began)
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    figures = (statistics.median(seconds), p95, statistics.median(cpu))
    cells = " | ".join(f"{value * 1e3:.1f}" for value in figures)
    return f"| {kind} | {cells} | {statistics.mean(rows):.1f} |"


def revise(folder: Path, count: int) -> str:
    """Replace some stories as an update does; say how long that takes."""
    began = time.perf_counter()
    writer = open_index(folder).writer(heap_size=HEAP_BYTES, num_threads=1)
    for row in make_stories(count, 7):
        writer.delete_documents_by_term(SPLIT, name_split(row.page_id, row.run_id))
    for row in make_stories(count, 8):
        writer.add_document(make_document(row, "en", FIRST_DAY))
    writer.commit()
    writer.wait_merging_threads()
    return f"{count:,} stories replaced in {time.perf_counter() - began:.1f} s"


if __name__ == "__main__":
    main()
