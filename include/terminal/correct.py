"""The commands `correct` and `cases`: make, list and withdraw corrections; export and check."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from include.config.commands import format_command
from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.decisions.decisions import read_overrides
from include.lake.reading.recall import Choice, choose_pages
from include.pipeline import corrections, regression_cases
from include.review.corrections import Word, describe
from include.review.regrouped import describe_regrouping
from include.terminal.home import refuse_unborn
from include.text import pluralize, sanitize
from include.warehouse.read import page_stories


def correct_split(
    settings: Settings, words: Sequence[str], page: str | None, note: str | None, console: Console
) -> int:
    """Store corrections, split the page again, land and publish it, and print the result."""
    if not words:
        raise UsageWrong("correction", "", 'Write one, as in "line 12 starts".')
    refuse_unborn(settings)
    now = datetime.now(UTC)
    added = corrections.correct(settings, words, page, Word(getpass.getuser(), now, note))
    return _follow(settings, added, now, console)


def withdraw(settings: Settings, override_id: str, console: Console) -> int:
    """Withdraw a correction and split its page again without it."""
    now = datetime.now(UTC)
    withdrawn = corrections.withdraw(settings, override_id, Word(getpass.getuser(), now))
    return _follow(settings, withdrawn, now, console)


def list_overrides(settings: Settings, console: Console) -> int:
    """Print the corrections in force."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "page", "correction", "line", "by", "why"):
        table.add_column(name, overflow="fold")
    for override in read_overrides(settings.lake).to_pylist():
        cells = (
            override["override_id"], override["source_name"] or "", describe(override),
            (override["line_text"] or "")[:40], override["made_by"], override["note"] or "",
        )  # fmt: skip
        table.add_row(*(Text(sanitize(cell)) for cell in cells))
    console.print(table if table.row_count else "no correction is in force")
    return 0


def export_cases(settings: Settings, target: Path, console: Console) -> int:
    """Export corrected pages as test cases; print which could not be exported, and why."""
    exported = regression_cases.export_cases(settings, target)
    for folder in exported.written:
        console.print(str(folder), markup=False, soft_wrap=True)
    for line in exported.left:
        console.print(sanitize(f"no case: {line}"), markup=False, highlight=False, soft_wrap=True)
    written = f"{pluralize(len(exported.written), 'case')} written"
    console.print(f"{written}; they hold publishers' texts: do not redistribute them")
    return 0


def check_cases(settings: Settings, target: Path, console: Console) -> int:
    """
    Print, for each case, whether the splitter now gets it right without the correction.

    Returns:
        1 if a case is wrong even with its correction, else 0.
    """
    broken = 0
    for case in regression_cases.check_cases(settings, target):
        result, colour = "needs its correction", "yellow"
        if case.right_alone:
            result, colour = "right without it", "green"
        elif not case.right_corrected:
            result, colour, broken = "wrong even with it", "red", 1
        console.print(Text.assemble((case.name, "bold"), "  ", (result, colour)), soft_wrap=True)
    return broken


def _follow(settings: Settings, overrides: pa.Table, now: datetime, console: Console) -> int:
    """Print what was stored or withdrawn, and split and land its page again."""
    for override in overrides.to_pylist():
        word = "withdrawn" if override["is_withdrawn"] else "noted"
        line = f"{override['override_id']}  {word}: {describe(override)}"
        console.print(sanitize(line), markup=False, highlight=False, soft_wrap=True)
    if not len(overrides):
        console.print("nothing new: these corrections are in force already")
        return 0
    pages = sorted(set(overrides["page_id"].drop_null().to_pylist()))
    before = _read_stories(settings, pages)
    run = corrections.edit_corrected(settings, overrides, f"correct__{now.isoformat()}", now)
    _print_undo(settings, overrides, console)
    if run is None:
        _print_outlets(settings, overrides, console)
        return 0
    landed = pluralize(run["stories_landed"], "story")
    console.print(f"split again: {landed} landed, {run['stories_quarantined']} set aside")
    changes = describe_regrouping(before, _read_stories(settings, pages))
    for line in changes or [f"{pluralize(len(before), 'story')} before, the same stories now"]:
        console.print(Text(sanitize(line)), soft_wrap=True)
    return 0


def _read_stories(settings: Settings, pages: Sequence[str]) -> list[dict[str, Any]]:
    """List the stories of pages as the warehouse has them; none before it was published."""
    if not pages or not settings.warehouse.exists():
        return []
    rows: list[dict[str, Any]] = page_stories(settings.warehouse, pages).to_pylist()
    return rows


def _print_undo(settings: Settings, overrides: pa.Table, console: Console) -> None:
    """Print the command that withdraws each correction."""
    for override in overrides.to_pylist():
        if not override["is_withdrawn"]:
            undo = format_command(settings, ["correct", "--withdraw", override["override_id"]])
            line = Text(sanitize(f"to undo: {undo}"), style="dim")
            console.print(line, soft_wrap=True)


def _print_outlets(settings: Settings, overrides: pa.Table, console: Console) -> None:
    """Print from when on an outlet's corrections apply, and warn of outlets without a page."""
    words = ["resplit", "--all"]
    for outlet in dict.fromkeys(overrides["outlet"].drop_null().to_pylist()):
        words += ["--outlet", outlet]
        if choose_pages(settings.lake, Choice(outlets=frozenset([outlet]))).is_empty():
            line = f"no page of {outlet} is known: spell it as in the warehouse's column `outlet`"
            console.print(Text(sanitize(line), style="yellow"), soft_wrap=True)
    again = sanitize(format_command(settings, words))
    line = f"it applies to pages split from now on; to apply it to older ones: {again}"
    console.print(line, markup=False, highlight=False, soft_wrap=True)
