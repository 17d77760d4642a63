"""The command `export`: write a query's rows to a file, in a format that another tool reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from include.config.commands import format_place
from include.config.settings import Settings
from include.errors import UsageWrong
from include.storage.atomic import atomic_write
from include.terminal.excel import write_excel
from include.terminal.feed import write_feed
from include.terminal.rows import make_unique, write_csv, write_json
from include.text import pluralize, sanitize
from include.warehouse.read import count_rows, stream_query

BATCH_ROWS = 10_000  # the bodies of 10,000 stories take about 50 MB
EVERYTHING = "from stories"
NEWEST = "from stories order by coalesce(published_at, ingested_at) desc, story_id limit 200"
COLUMNS = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn())
DEFAULTS = {"rss": NEWEST}  # readers of feeds fetch the whole file each time

Write = Callable[[pa.RecordBatchReader, Path], str]


def export(
    settings: Settings, sql: str | None, form: str, target: Path | None, console: Console
) -> int:
    """
    Write a query's rows to a file, which replaces an older one atomically.

    Args:
        sql: default: the stories, or for rss the newest 200.
        form: a key of FORMATS.
        target: default: `stories` with the format's ending, in the current folder.
    Raises:
        UsageWrong: the target is part of the lake or the warehouse, or the rows do not fit the
        format; UsageWrong, QueryRefused: see `run_query`.
    """
    target = target or Path(f"stories.{form}")
    _refuse_own_files(settings, target)
    sql = sql or DEFAULTS.get(form, EVERYTHING)
    total = count_rows(settings.warehouse, sql) if console.is_terminal else None
    progress = Progress(*COLUMNS, console=console, transient=True, disable=total is None)
    with (
        stream_query(settings.warehouse, sql, BATCH_ROWS, settings.memory_limit) as rows,
        atomic_write("export", target) as path,
        progress,
    ):
        task = progress.add_task("rows", total=total)
        read = pa.RecordBatchReader.from_batches(rows.schema, _advance(rows, progress, task))
        note = FORMATS[form](read, path)
    exported = int(progress.tasks[task].completed)
    size = target.stat().st_size
    size_text = f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"
    line = f"{pluralize(exported, 'row')} in {format_place(target)} ({size_text}){note}"
    console.print(sanitize(line), soft_wrap=True, markup=False)
    return 0


def _refuse_own_files(settings: Settings, target: Path) -> None:
    place, lake = target.resolve(), settings.lake
    is_of_lake = isinstance(lake, Path) and place.is_relative_to(lake.resolve())
    if place == settings.warehouse.resolve() or is_of_lake:
        raise UsageWrong("--to", str(target), "It is Copydesk's own; give another file.")
    if place.is_dir():
        raise UsageWrong("--to", str(target), "It is a folder; give the file to write in it.")


def _advance(
    rows: pa.RecordBatchReader, progress: Progress, task: TaskID
) -> Iterator[pa.RecordBatch]:
    """Yield batches, and move the progress bar by the rows that were written."""
    for batch in rows:
        yield batch
        progress.advance(task, batch.num_rows)


def _write_parquet(rows: pa.RecordBatchReader, path: Path) -> str:
    names = make_unique(rows.schema.names)
    schema = pa.schema([f.with_name(name) for f, name in zip(rows.schema, names, strict=True)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
    return ""


def _write_csv(rows: pa.RecordBatchReader, path: Path) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        write_csv(rows, out, to_eyes=False)
    return ""


def _write_jsonl(rows: pa.RecordBatchReader, path: Path) -> str:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        write_json(rows, out)
    return ""


FORMATS: dict[str, Write] = {
    "parquet": _write_parquet,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "xlsx": write_excel,
    "rss": write_feed,
}
