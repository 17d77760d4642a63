"""
Measure compaction: files, bytes and query time of one day of many small runs, before and after.

    python -m benchmarks.tending [--runs 200] [--pages 10]

The lake is made of invented words, landed run by run as `ingest` lands them, without splitter and
judge. Times are CPU seconds of this process, the best of ROUNDS, in the same run: compare ratios.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from include.lake.delta.tables import append_rows, create_tables
from include.lake.delta.versions import read_version
from include.lake.maintenance.compact import compact_day, find_due
from include.lake.maintenance.rewrite import SORTED_BY
from include.model import LakeVersion
from include.schema.lake import CHROME, PAGES, RUNS, STORIES, Table
from include.warehouse.publish import publish_warehouse

DAY = datetime(2026, 11, 20, tzinfo=UTC)
STORIES_A_PAGE = 4
WORDS_A_STORY = 300
OUTLETS = 40
ROUNDS = 5
QUERIES = {
    "count all": "select count(*) from lake.stories",
    "group by outlet": "select outlet, count(*), sum(words) from lake.stories group by 1",
    "one outlet's bodies": "select sum(length(body)) from lake.stories where outlet = 'Outlet 17'",
    "an hour's bodies": "select sum(length(body)) from lake.stories where published_at between "
    "timestamptz '2026-11-19 05:00+00' and timestamptz '2026-11-19 06:00+00'",
    "one story": "select body from lake.stories where story_id = '{story}'",
    "a word in all bodies": "select count(*) from lake.stories where contains(body, 'zzz')",
}


def fill_row(kind: Table, **given: object) -> dict[str, object]:
    """Give a row of a table: what is given, and something of the right type."""
    blank: dict[str, object] = {}
    for column in kind.columns:
        of = column.type
        if column.nullable:
            blank[column.name] = None
        elif pa.types.is_string(of):
            blank[column.name] = "x"
        elif pa.types.is_list(of):
            blank[column.name] = []
        elif pa.types.is_timestamp(of):
            blank[column.name] = DAY
        else:
            blank[column.name] = DAY.date() if pa.types.is_date32(of) else 1
    return blank | given


def make_lake(root: Path, runs: int, pages: int) -> str:
    """Land small runs of one day; give the id of one story."""
    dice = random.Random(7)
    letters = "abcdefghijklmnoprstuvw"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(8000)]
    create_tables(root)
    story_id = ""
    for number in range(runs):
        run = {"run_id": f"run-{number:04d}", "ingested_at": DAY + timedelta(minutes=number)}
        rows: dict[Table, list[dict[str, object]]] = {kind: [] for kind in (PAGES, STORIES, CHROME)}
        for _ in range(pages):
            page = {"page_id": f"{dice.getrandbits(256):064x}", **run}
            bodies = []
            for _ in range(STORIES_A_PAGE):
                story_id = f"{dice.getrandbits(96):024x}"
                bodies.append(" ".join(dice.choices(words, k=WORDS_A_STORY)))
                ago = timedelta(minutes=dice.randint(0, 4000))
                told = {"story_id": story_id, "body": bodies[-1], "published_at": DAY - ago}
                outlet = f"Outlet {dice.randrange(OUTLETS)}"
                rows[STORIES].append(fill_row(STORIES, **page, **told, outlet=outlet))
            raw = "\n".join(bodies).encode()
            name = f"site {dice.randrange(OUTLETS)}/{number}-{len(rows[PAGES])}.txt"
            landed = {"raw": raw, "name": name, "outcome": "landed"}
            rows[PAGES].append(fill_row(PAGES, **page, **landed))
            rows[CHROME] += [fill_row(CHROME, **page, chrome_no=at) for at in range(20)]
        for kind, found in rows.items():
            append_rows(root, kind, pa.Table.from_pylist(found, kind.schema()).to_batches(), {})
        row = pa.Table.from_pylist([fill_row(RUNS, **run)], RUNS.schema())
        append_rows(root, RUNS, row.to_batches(), {})
    return story_id


def time_queries(version: LakeVersion, folder: Path, story_id: str) -> dict[str, float]:
    """Give the CPU seconds of each query, and of publishing."""
    target = folder / f"{version.tables['stories'].version}.duckdb"
    began = time.process_time()
    publish_warehouse(lambda: version, target, "1GB")
    spent = {"publish": time.process_time() - began}
    with duckdb.connect(str(target), read_only=True) as con:
        for name, sql in QUERIES.items():
            spent[name] = min(_time_one(con, sql.format(story=story_id)) for _ in range(ROUNDS))
    return spent


def _time_one(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    began = time.process_time()
    con.execute(sql).fetchall()
    return time.process_time() - began


def main() -> None:
    """Print files and bytes, then the queries, before and after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--by", help="sort stories by these columns instead: outlet,story_id")
    asked = parser.parse_args()
    if asked.by:
        SORTED_BY["stories"] = tuple(asked.by.split(","))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "lake"
        root.mkdir()
        story_id = make_lake(root, asked.runs, asked.pages)
        before = read_version(root)
        times = time_queries(before, Path(folder), story_id)
        peak, began = _peak(), time.process_time()
        night = DAY + timedelta(days=1)
        for due in find_due(root, night):
            compact_day(root, due, night)
        spent, peak = time.process_time() - began, _peak() - peak
        after = read_version(root)
        later = time_queries(after, Path(folder), story_id)
    print(f"compaction: {spent:.1f} CPU s; peak memory {peak:+.0f} MiB\n")
    print("| table | files | files after | MB | MB after |\n|---|---:|---:|---:|---:|")
    for kind in (PAGES, STORIES, CHROME, RUNS):
        old, new = (version.tables[kind.name] for version in (before, after))
        sizes = f"{old.size_bytes / 1e6:.2f} | {new.size_bytes / 1e6:.2f}"
        print(f"| {kind.name} | {len(old.files)} | {len(new.files)} | {sizes} |")
    print("\n| query | CPU ms | CPU ms after | ratio |\n|---|---:|---:|---:|")
    for name, old_s in times.items():
        new_s = later[name]
        print(f"| {name} | {old_s * 1e3:.1f} | {new_s * 1e3:.1f} | {old_s / new_s:.1f} |")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
