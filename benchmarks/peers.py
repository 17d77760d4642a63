"""
The closest pipelines of two other tools, for comparison if they are installed.

Both split and drop duplicates as `plain_pandas` does, since neither tool knows stories: what is
measured is their way of carrying rows to Parquet. dlt extracts, normalises and loads into a folder
and a DuckDB file; datatrove runs one task of documents to Parquet.

    python -m benchmarks.peers dlt|datatrove INBOX FOLDER
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.plain_pandas import BETWEEN

Story = dict[str, str]


def read_stories(inbox: Path) -> Iterator[Story]:
    """Give every story once: what stands between two blank lines, equal texts dropped."""
    seen: set[bytes] = set()
    for path in sorted(inbox.rglob("*.txt")):
        for block in BETWEEN.split(path.read_text(encoding="utf-8", errors="replace")):
            digest = hashlib.sha256(block.encode()).digest()
            if block.strip() and digest not in seen:
                seen.add(digest)
                headline, _, body = block.partition("\n")
                yield {"page": path.name, "headline": headline, "body": body}


def run_dlt(inbox: Path, folder: Path) -> int:
    """Load the stories with dlt into DuckDB, by way of Parquet."""
    dlt: Any = importlib.import_module("dlt")
    rows = dlt.resource(read_stories(inbox), name="stories", write_disposition="append")
    where = dlt.destinations.duckdb(str(folder / "stories.duckdb"))
    pipeline = dlt.pipeline("peers", pipelines_dir=str(folder), destination=where)
    pipeline.run(rows, loader_file_format="parquet")
    return int(pipeline.last_trace.last_normalize_info.row_counts["stories"])


def run_datatrove(inbox: Path, folder: Path) -> int:
    """Write the stories with datatrove to Parquet."""
    data: Any = importlib.import_module("datatrove.data")
    executor: Any = importlib.import_module("datatrove.executor")
    writers: Any = importlib.import_module("datatrove.pipeline.writers")
    count = [0]

    def read(_: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        for number, story in enumerate(read_stories(inbox)):
            count[0] += 1
            metadata = {"page": story["page"], "headline": story["headline"]}
            yield data.Document(text=story["body"], id=str(number), metadata=metadata)

    steps = [read, writers.ParquetWriter(str(folder / "stories"))]
    executor.LocalPipelineExecutor(steps, tasks=1, logging_dir=str(folder / "logs")).run()
    return count[0]


PEERS: dict[str, Callable[[Path, Path], int]] = {"dlt": run_dlt, "datatrove": run_datatrove}

if __name__ == "__main__":
    where = Path(sys.argv[3])
    where.mkdir(parents=True, exist_ok=True)
    with contextlib.redirect_stdout(sys.stderr):  # both talk
        stories = PEERS[sys.argv[1]](Path(sys.argv[2]), where)
    print(json.dumps({"stories": stories}))
