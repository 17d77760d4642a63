"""
Measure what each analyzer costs beside splitting, on the labelled pages beside the project.

    python -m benchmarks.analysis_cost [--pages 400]

CPU seconds of this process per million stories, once everything is loaded; the best of ROUNDS,
since a shared machine only ever slows a round down.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import islice

import pyarrow as pa

from benchmarks.pages import LABELLED, read_labelled
from include.analysis.analyzers import ANALYZERS, READS, READS_CHROME
from include.splitter.split import split_pages

ROUNDS = 3
MILLION = 1_000_000


def measure(work: Callable[[], object]) -> float:
    """Give the CPU seconds of the quickest of ROUNDS."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def main() -> None:
    """Print a line for the splitter and each analyzer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400, help="how many pages")
    texts = list(islice(read_labelled(LABELLED), parser.parse_args().pages))
    pages = pa.table({
        "page_id": [f"{number:064x}" for number in range(len(texts))],
        "name": [f"{number}.txt" for number in range(len(texts))],
        "outcome": ["taken"] * len(texts),
        "text": texts,
    })  # fmt: skip
    split = split_pages(pages)
    stories = _with_columns(split.stories, READS)
    chrome = _with_columns(split.chrome, READS_CHROME)
    count = stories.num_rows
    print(f"{len(texts):,} pages, {count:,} stories; CPU seconds per million stories")
    whole = measure(lambda: split_pages(pages))
    print(f"{'splitter':40} {whole / count * MILLION:8.0f}")
    for analyzer in ANALYZERS:
        more = {"chrome": chrome} if analyzer.reads_chrome else {}
        took = measure(lambda a=analyzer, m=more: a.analyze(stories, **m))  # type: ignore[misc]
        name = ", ".join(mart.name for mart in analyzer.marts)
        print(f"{name:40} {took / count * MILLION:8.0f}  {took / whole:.2f} of the splitter's")


def _with_columns(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Give the columns; those that only landing adds are null."""
    nothing = pa.nulls(table.num_rows, pa.string())
    columns = [table[name] if name in table.column_names else nothing for name in names]
    return pa.table(columns, names=list(names))


if __name__ == "__main__":
    main()
