"""
Measure `python -m include ingest` with nothing new and a ledger of many files.

    python -m benchmarks.idle_ledger [--rows 1000000] [--runs 200] [--files 1000] [--rounds 3]

The rows of `pages` are made and committed as they lie in a lake that many runs have filled, without
the pages' bytes; those of the last run are of an inbox of real files. Then idle runs are timed from
outside, less what starting Python costs. The first makes the index and the warehouse, the others
find both.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from include.lake.delta.tables import append_rows, create_tables
from include.schema.lake import PAGES, RUNS

BEGUN = datetime(2025, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print one row a run: seconds beyond Python's start, and what the lake wrote."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="files the ledger knows")
    parser.add_argument("--runs", type=int, default=200, help="runs that delivered them")
    parser.add_argument("--files", type=int, default=1000, help="files that lie in the inbox")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, inbox = Path(folder) / "home", Path(folder) / "inbox"
        fill_ledger(home / "lake", inbox, given.rows - given.files, given.runs)
        commit_run(home / "lake", given.runs, inbox, fill_inbox(inbox, given.files))
        start = statistics.median(time_python("-c", "pass") for _ in range(5))
        print(f"{given.rows:,} rows of {given.runs} runs; Python starts in {start:.3f} s")
        print("| run | seconds beyond Python's start | files | index MB | versions written |")
        print("|---|---:|---:|---:|---:|")
        words = ("-m", "include", "ingest", str(inbox), "--home", str(home), "--json")
        for name in ("first", *(f"idle {number + 1}" for number in range(given.rounds))):
            before = read_versions(home / "lake")
            seconds = time_python(*words) - start
            after = read_versions(home / "lake")
            written = sum(after[table] - before.get(table, 0) for table in after)
            index = (home / "index" / "ledger.sqlite").stat().st_size / 1e6
            print(f"| {name} | {seconds:.2f} | {given.files:,} | {index:.0f} | {written} |")


def fill_ledger(lake: Path, inbox: Path, rows: int, runs: int) -> None:
    """Commit what so many runs would have left, of files that have left the inbox since."""
    create_tables(lake)
    each = -(-rows // runs)
    for run_no in range(runs):
        numbers = range(run_no * each, min((run_no + 1) * each, rows))
        names = (f"{n % 997:03d}/{n:08d}_{n % 7919:04x}.html.txt" for n in numbers)
        commit_run(lake, run_no, inbox, {name: digest(name.encode()) for name in names})


def commit_run(lake: Path, run_no: int, inbox: Path, files: dict[str, str]) -> None:
    """Commit what one run leaves in `pages` and `runs`; `files` is name to page_id."""
    begun = BEGUN + timedelta(minutes=10 * run_no)
    values: dict[str, object] = {
        "run_id": f"scheduled__{begun.isoformat()}",
        "ingested_at": begun,
        "ingest_day": begun.date(),
        "modified_at": begun,
        "finished_at": begun,
        "inbox": str(inbox),
        "outcome": "landed",
    }
    own = {
        "name": list(files),
        "page_id": list(files.values()),
        "delivery_id": [page_id[:24] for page_id in files.values()],
    }
    for kind, rows, columns in ((PAGES, len(files), own), (RUNS, 1, {})):
        arrays = [
            pa.array(columns[field.name], field.type)
            if field.name in columns
            else make_column(field, rows, values.get(field.name))
            for field in kind.schema()
        ]
        table = pa.Table.from_arrays(arrays, schema=kind.schema())
        append_rows(lake, kind, table.to_batches(), {"run_id": str(values["run_id"])})


def make_column(field: pa.Field, rows: int, value: object) -> pa.Array:
    """Give a column of one value; of nulls where it may be null, else of the type's least."""
    if value is None and field.nullable:
        return pa.nulls(rows, field.type)
    if value is None:
        value = [] if pa.types.is_list(field.type) else "1" if field.type == pa.string() else 0
    return pa.array([value] * rows, field.type)


def fill_inbox(inbox: Path, files: int, size: int = 0) -> dict[str, str]:
    """Write small pages, each with words of its own; give name to page_id."""
    written = {}
    for number in range(files):
        name = f"{number % 100:02d}/{number:07d}.txt"
        body = f"Ferry {number} delayed\n\nThe ferry {number} left late on Monday.\n".encode()
        body += b"It rained. " * ((size - len(body)) // 11)
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(body)
        os.utime(inbox / name, (BEGUN.timestamp(), BEGUN.timestamp()))  # lies still
        written[name] = digest(body)
    return written


def digest(body: bytes) -> str:
    """Give a page's id."""
    return hashlib.sha256(body).hexdigest()


def read_versions(lake: Path) -> dict[str, int]:
    """Give the version of each table of the lake."""
    return {path.name: find_version(path) for path in lake.iterdir() if path.is_dir()}


def find_version(path: Path) -> int:
    """Give the number of a table's newest commit."""
    return max(int(entry.stem) for entry in (path / "_delta_log").glob("0*.json"))


def time_python(*words: str) -> float:
    """Run Python and give how long it took, in seconds."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
