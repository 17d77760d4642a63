"""
Measure what each analyzer costs beside splitting, on the labelled pages beside the project.

    python -m benchmarks.analysis_cost [--pages 400]

CPU seconds of this process per million stories, once everything is loaded; the best of ROUNDS,
since a shared machine only ever slows a round down. The pages do not say when they were fetched,
so no story is dated by an age on its page.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

import pyarrow as pa

from benchmarks.pages import LABELLED, read_labelled
from include.analysis.analyzers import ANALYZERS, READS, READS_CHROME
from include.lake.marts.datelines import SCHEMA as DATELINES
from include.splitter.split import split_pages

ROUNDS = 3
MILLION = 1_000_000


def measure(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the quickest of ROUNDS."""
    round_seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        round_seconds.append(time.process_time() - started)
    return min(round_seconds)


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
    split_s = measure(lambda: split_pages(pages))
    print(f"{'splitter':40} {split_s / count * MILLION:8.0f}")
    for analyzer in ANALYZERS:
        page_tables = {"chrome": chrome} if analyzer.reads_chrome else {}
        if analyzer.reads_datelines:
            page_tables["datelines"] = DATELINES.empty_table()
        analyzer_s = measure(partial(analyzer.analyze, stories, **page_tables))
        marts = ", ".join(mart.name for mart in analyzer.marts)
        share = analyzer_s / split_s
        print(f"{marts:40} {analyzer_s / count * MILLION:8.0f}  {share:.2f} of the splitter's")


def _with_columns(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return the columns; those that only landing adds are null."""
    nulls = pa.nulls(table.num_rows, pa.string())
    columns = [table[name] if name in table.column_names else nulls for name in names]
    return pa.table(columns, names=list(names))


if __name__ == "__main__":
    main()
