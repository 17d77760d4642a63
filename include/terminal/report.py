"""
Print what a run did: files, stories, what was set aside, and queries to try next.

Reads the run's receipts and the published warehouse; independent of Airflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from include.config.commands import format_command, format_place
from include.config.settings import Settings
from include.errors import ReceiptMissing
from include.model import FileTally
from include.pipeline.receipt_types import LandReceipt, LateFiles
from include.pipeline.receipts import find_intake, read_receipt, run_key
from include.terminal.table import Column, print_fitted
from include.text import pluralize, sanitize, shorten
from include.warehouse.read import landed_stories, read_status, run_files, run_quarantine

MAX_ROWS = 40  # a screenful
LATE = 5  # names listed of files and folders that were not read; the receipt has more
MAX_NAME = 120  # characters of such a name; a path may have 4,096
PLAIN_WIDTH = 116  # characters per line in a file or pipe, where Rich would wrap at 80
OUTCOMES = ("taken", "rejected", "redelivered", "unpacked", "skipped", "waiting", "ignored")
WORDS = {"redelivered": "under a new name", "skipped": "known already"}
EMPTY = ("rejected", "no_story")  # outcomes of files without a story
NUMBERS = ("no", "words", "confidence")
WHOLE = (*NUMBERS, "outcome")
QUERIES = (
    "select outlet, count(*) as stories, sum(words) as words from stories group by all order by 2 "
    "desc",
    "select headline, confidence, reasons from stories order by confidence limit 5",
)


def print_run(settings: Settings, run_id: str, console: Console) -> None:
    """
    Print what a run did: stories, what was rejected and quarantined, counts, and where it all is.

    A run that found nothing new is reported in one line.
    """
    if not console.is_terminal:
        console = Console(file=console.file, width=PLAIN_WIDTH, color_system=None)
    folder = settings.receipts / run_key(run_id)
    intake = find_intake(settings.receipts, run_id)
    run = _read_run(folder)
    console.print()
    if run is None or not (run["files_taken"] or run["files_rejected"] or run["files_redelivered"]):
        _print_nothing_new(intake.tally, console)
        if run is not None:
            _print_incomplete(settings, run_id, console)
    else:
        _print_landed(settings, run_id, run, console)
    if intake.late is not None:
        _print_late(intake.late, console)
    _print_where(settings, console)


def count_files(counts: Mapping[str, Any]) -> str:
    """Return `10 files: 8 taken, 2 rejected`, without outcomes that did not occur."""
    outcomes = describe_outcomes(counts) or "the inbox is empty"
    return f"{pluralize(counts['seen'], 'file')}: {outcomes}"


def describe_outcomes(counts: Mapping[str, Any]) -> str:
    """Return `8 taken, 2 rejected`, without outcomes that did not occur."""
    parts = (f"{counts[name]:,} {WORDS.get(name, name)}" for name in OUTCOMES if counts.get(name))
    return ", ".join(parts)


def _read_run(folder: Path) -> dict[str, Any] | None:
    try:
        run: dict[str, Any] = read_receipt(folder / "landed.json", LandReceipt).run
    except ReceiptMissing:  # nothing was new, so nothing landed
        return None
    return run


def _print_nothing_new(tally: FileTally, console: Console) -> None:
    console.print(Text("Nothing new landed.", style="bold"), Text(count_files(asdict(tally)) + "."))


def _print_late(late: LateFiles, console: Console) -> None:
    if late.files:
        names = ", ".join(
            f"{shorten(name, MAX_NAME)} ({reason})" for name, reason in late.sample[:LATE]
        )
        more = f" and {late.files - LATE:,} more" if late.files > LATE else ""
        was = "file or folder was not read and waits"
        if late.files != 1:
            was = "files or folders were not read and wait"
        line = f"{late.files:,} {was}: {names}{more}"
        console.print(Text(sanitize(line)), soft_wrap=True)


def _print_landed(settings: Settings, run_id: str, run: Mapping[str, Any], con: Console) -> None:
    stories = landed_stories(settings.warehouse, run_id).to_pylist()
    rejected = [row for row in _list_files(settings, run_id) if row["outcome"] in EMPTY]
    quarantined = run_quarantine(settings.warehouse, run_id).to_pylist()
    _print_table(
        con,
        "Stories landed",
        ("file", "no", "headline", "outlet", "words", "confidence"),
        [
            (s["source_name"], s["story_no"], s["headline"] or "(no headline)", s["outlet"] or "–",
             s["words"], f"{s['confidence']:.2f}")
            for s in stories
        ],
    )  # fmt: skip
    _print_table(
        con,
        "Stories quarantined",
        ("file", "no", "headline", "rules broken"),
        [
            (s["source_name"], s["story_no"], s["headline"] or "(no headline)",
             ", ".join(s["failed_rules"]))
            for s in quarantined
        ],
    )  # fmt: skip
    _print_table(
        con,
        "Pages without a story",
        ("file", "outcome", "reason"),
        [(f["name"], f["outcome"].replace("_", " "), f["reason"] or "–") for f in rejected],
    )
    _print_incomplete(settings, run_id, con)
    _print_totals(run, con)


def _print_incomplete(settings: Settings, run_id: str, console: Console) -> None:
    """Print archives that were not read to their end, and pages whose sidecar was unreadable."""
    files = [row for row in _list_files(settings, run_id) if row["outcome"] not in EMPTY]
    _print_table(
        console,
        "Not read whole",
        ("file", "outcome", "reason"),
        [(f["name"], f["outcome"], f["reason"]) for f in files],
    )


def _list_files(settings: Settings, run_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_files(settings.warehouse, run_id).to_pylist()
    return rows


def _print_totals(run: Mapping[str, Any], console: Console) -> None:
    files = {name: run[f"files_{name}"] for name in ("seen", *OUTCOMES)}
    landed, chars, chrome = run["stories_landed"], run["page_chars"], run["chrome_chars"]
    share = f" ({chrome / chars:.0%})" if chars else ""
    _print_pairs(
        console,
        (
            ("pages", count_files(files)),
            (
                "stories",
                f"{landed} landed, {run['stories_quarantined']} quarantined",
            ),
            ("chrome", f"{chrome:,} of {chars:,} non-blank characters set aside{share}"),
        ),
    )


def _print_where(settings: Settings, console: Console) -> None:
    stories = read_status(settings.warehouse).to_pylist()[0]["stories"]
    current = pluralize(stories, "current story")
    _print_pairs(
        console,
        (
            ("lake", format_place(settings.lake)),
            ("warehouse", f"{format_place(settings.warehouse)}   {current}"),
            *(("try", format_command(settings, ["query", sql])) for sql in QUERIES),
        ),
    )


def _print_table(
    console: Console, title: str, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    if not rows:
        return
    shown, above = [], None
    for file, *rest in rows[:MAX_ROWS]:
        name = "" if file == above else file  # only in the first row of the file's stories
        above = file
        shown.append([sanitize(str(cell)) for cell in (name, *rest)])
    columns = [Column(name, whole=name in WHOLE, right=name in NUMBERS) for name in names]
    print_fitted(console, columns, shown, title)
    if len(rows) > MAX_ROWS:
        console.print(f"… and {len(rows) - MAX_ROWS:,} more", style="dim")
    console.print()


def _print_pairs(console: Console, pairs: Iterable[tuple[str, str]]) -> None:
    for name, text in pairs:
        line = Text.assemble((f"{name:10}", "dim"), text)
        console.print(line, soft_wrap=True)
