"""
Measure judging, alone and compared with other tools, in one run: CPU seconds per million stories.

    python -m benchmarks.quality_cost [--stories N] [--batch N]

Made pages are split once, their stories repeated under new ids. Each part runs in a process of its
own on one core. `judge` is what the step does (derive, Great Expectations, verdicts), beyond its
import; beside it stand one DuckDB aggregate written by hand (which names no story), the suite
compiled to SQL, and, where it can be imported, dataframely over the same check columns.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.alone import run_alone
from benchmarks.pages import make_pages

PAGE_BYTES = 6_000_000  # some 2,000 different stories, repeated
BY_HAND = """
select
    count(*) filter (where length(body) not between 10 and 1000000),
    count(*) filter (where regexp_matches(body, '[\\x00-\\x08\\x0E-\\x1F\\x7F\\x{FFFD}]')),
    count(*) filter (where contains(body, 'Ã') or contains(body, 'â€')),
    count(*) filter (where body_chars <> length(body)),
    count(*) filter (where length(headline) not between 1 and 300),
    count(*) filter (where headline = upper(headline)),
    count(*) filter (where headline = split_part(body, chr(10) || chr(10), 1)),
    count(*) filter (where body_spans[-1]."end" > page_chars),
    count(*) filter (where chrome_hits > 0),
    count(*) filter (where confidence < 0.5),
    count(*) filter (where published_at > timestamp '2026-11-03'),
    count(*) filter (where not regexp_full_match(language, '[a-z]{2}')),
    count(*) - count(distinct story_id)
from stories
"""


def main() -> None:
    """Print one row a part, dearest last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=50_000)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.part:
        _measure(asked.part, asked.file, asked.stories, asked.batch)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stories.arrow"
        chars = _write_stories(path)
        print(f"{asked.stories:,} stories of {chars:,.0f} characters, batches of {asked.batch:,}")
        print("| part | CPU s a million stories | times the aggregate | peak MiB |")
        print("|---|---:|---:|---:|")
        base = 0.0
        for part in PARTS:
            if part == "dataframely" and not importlib.util.find_spec("dataframely"):
                continue
            words = ["benchmarks.quality_cost", "--part", part, "--file", str(path)]
            counts = ["--stories", str(asked.stories), "--batch", str(asked.batch)]
            cost = run_alone([*words, *counts])
            base = base or cost.output["cpu"]
            for name, cpu in cost.output.items():
                shown = part if name == "cpu" else f"{part}: {name}"
                per_million = cpu / asked.stories * 1e6
                print(
                    f"| {shown} | {per_million:.1f} | {cpu / base:.1f} | {cost.peak:.0f} |",
                    flush=True,
                )


def _write_stories(path: Path) -> float:
    """Split made pages; write their stories; give the mean length of a body."""
    from include.splitter.split import split_pages

    pages = list(make_pages(PAGE_BYTES))
    table = {
        "page_id": [hashlib.sha256(name.encode()).hexdigest() for name, _ in pages],
        "name": [name for name, _ in pages],
        "outcome": ["taken"] * len(pages),
        "text": [text for _, text in pages],
    }
    stories = split_pages(pa.table(table)).stories
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, stories.schema) as out:
        out.write_table(stories)
    return float(sum(stories["body_chars"].to_pylist()) / stories.num_rows)


def _batches(path: Path, count: int, size: int) -> Iterator[pa.Table]:
    """Give batches of stories, each story under an id of its own."""
    with pa.memory_map(str(path)) as file:
        some = pa.ipc.open_file(file).read_all()
        at = some.schema.get_field_index("story_id")
        for first in range(0, count, size):
            rows = min(size, count - first)
            whole = pa.concat_tables([some] * (rows // some.num_rows + 1)).slice(0, rows)
            ids = pa.array([f"{number:024x}" for number in range(first, first + rows)])
            yield whole.set_column(at, some.schema.field(at), ids).combine_chunks()


def _measure(part: str, path: Path, count: int, size: int) -> None:
    """Run one part over all batches; print its CPU seconds, what it imports first left out."""
    work = PARTS[part]()
    seconds: dict[str, float] = {}
    for batch in _batches(path, count, size):
        began = time.process_time()
        for name, cpu in work(batch).items():
            seconds[name] = seconds.get(name, 0.0) + cpu
        seconds["cpu"] = seconds.get("cpu", 0.0) + time.process_time() - began
    print(json.dumps(seconds))


Work = Callable[[pa.Table], dict[str, float]]


def _aggregate() -> Work:
    import duckdb

    con = duckdb.connect(":memory:", config={"threads": 1})

    def work(stories: pa.Table) -> dict[str, float]:
        con.register("stories", stories)
        con.sql(BY_HAND).fetchall()
        return {}

    return work


def _compiled() -> Work:
    import duckdb

    from benchmarks.plain_sql import suite_sql
    from include.quality.suites.suite import load_suite

    suite = load_suite("stories")
    con = duckdb.connect(":memory:", config={"threads": 1})
    started_us = int(RUN_AT.timestamp() * 1e6)
    con.register("given", pa.table({"run_started_us": [started_us]} | {
        name: [value] for name, value in suite.gates.items()
    }))  # fmt: skip

    def work(stories: pa.Table) -> dict[str, float]:
        con.register("numbered", stories.append_column("row_id", [list(range(len(stories)))]))
        con.sql(suite_sql(suite)).fetchall()
        return {}

    return work


def _judge() -> Work:
    from include.model import Run
    from include.quality.checks.derive import derive_checks
    from include.quality.checks.great_expectations import examine_checks
    from include.quality.judge import judge_stories
    from include.quality.suites.suite import load_suite

    suite, run = load_suite("stories"), Run("benchmark", RUN_AT)

    def work(stories: pa.Table) -> dict[str, float]:
        began = time.process_time()
        checks = derive_checks(stories, suite, run)
        derived = time.process_time()
        examine_checks(checks, suite)
        examined = time.process_time()
        judge_stories(stories, suite, "batch-0000", run)
        whole = time.process_time()
        # `cpu` is counted around all of this: take what was done twice off again
        twice = examined - began
        return {"derive": derived - began, "examine": examined - derived, "cpu": -twice} | (
            {"verdicts": whole - examined - twice}
        )

    small = next(_batches_of_one())
    judge_stories(small, suite, "warm", run)  # imports Great Expectations
    return work


def _batches_of_one() -> Iterator[pa.Table]:
    from include.splitter.split import split_pages

    name, text = next(iter(make_pages(2_000)))
    page = {"page_id": ["0" * 64], "name": [name], "outcome": ["taken"], "text": [text]}
    yield split_pages(pa.table(page)).stories


def _dataframely() -> Work:
    import dataframely as dy  # type: ignore[import-not-found]  # only where it is installed
    import polars as pl

    from benchmarks.plain_sql import broken_where
    from include.model import Run
    from include.quality.checks.derive import derive_checks
    from include.quality.suites.suite import load_suite

    suite, run = load_suite("stories"), Run("benchmark", RUN_AT)
    rules = {
        f"rule_{rule.id.replace(chr(46), chr(95))}": _as_rule(dy, pl, broken_where(rule))
        for rule in suite.rules
        if rule.scope == "row"
    }
    schema: Any = type("Checks", (dy.Schema,), {
        **{name: dy.Any() for name in suite.check_columns}, **rules
    })  # fmt: skip

    def work(stories: pa.Table) -> dict[str, float]:
        began = time.process_time()
        checks = pl.DataFrame(derive_checks(stories, suite, run))
        derived = time.process_time()
        schema.filter(checks)
        return {"derive": derived - began, "filter": time.process_time() - derived}

    return work


def _as_rule(dy: Any, pl: Any, broken: str) -> Any:
    """Give dataframely's form of a rule: true where it holds, nulls too."""
    holds = pl.sql_expr(broken).not_().fill_null(True)
    return dy.rule()(lambda cls: holds)


RUN_AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
PARTS: dict[str, Callable[[], Work]] = {
    "aggregate": _aggregate,
    "compiled": _compiled,
    "dataframely": _dataframely,
    "judge": _judge,
}

if __name__ == "__main__":
    main()
