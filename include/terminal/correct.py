"""Correct a split at a terminal, list and withdraw corrections, and keep them as cases."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

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
from include.terminal.home import refuse_unborn
from include.text import pluralize, sanitize


def correct_split(
    settings: Settings, words: Sequence[str], page: str | None, note: str | None, console: Console
) -> int:
    """Write corrections, split the page again, land and publish it; say what became of it."""
    if not words:
        raise UsageWrong("correction", "", 'Write one, as in "line 12 starts".')
    refuse_unborn(settings)
    now = datetime.now(UTC)
    added = corrections.correct(settings, words, page, Word(getpass.getuser(), now, note))
    return _follow(settings, added, now, console)


def withdraw(settings: Settings, override_id: str, console: Console) -> int:
    """Withdraw a correction, and split its page again without it."""
    now = datetime.now(UTC)
    gone = corrections.withdraw(settings, override_id, Word(getpass.getuser(), now))
    return _follow(settings, gone, now, console)


def list_overrides(settings: Settings, console: Console) -> int:
    """Print the corrections that hold."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "page", "correction", "line", "by", "why"):
        table.add_column(name, overflow="fold")
    for said in read_overrides(settings.lake).to_pylist():
        cells = (
            said["override_id"], said["source_name"] or "", describe(said),
            (said["line_text"] or "")[:40], said["made_by"], said["note"] or "",
        )  # fmt: skip
        table.add_row(*(Text(sanitize(cell)) for cell in cells))
    console.print(table if table.row_count else "no correction holds")
    return 0


def export_cases(settings: Settings, target: Path, console: Console) -> int:
    """Write what was corrected as cases; say what became none, and why."""
    exported = regression_cases.export_cases(settings, target)
    for folder in exported.written:
        console.print(str(folder), markup=False, soft_wrap=True)
    for line in exported.left:
        console.print(sanitize(f"no case: {line}"), markup=False, highlight=False, soft_wrap=True)
    texts = "the publishers' texts, which are not ours to pass on"
    console.print(f"written: {pluralize(len(exported.written), 'case')}, of {texts}")
    return 0


def check_cases(settings: Settings, target: Path, console: Console) -> int:
    """Say of each case whether the splitter is right by itself by now; 1 if a correction broke."""
    broken = 0
    for case in regression_cases.check_cases(settings, target):
        said, colour = "needs its correction", "yellow"
        if case.right_alone:
            said, colour = "right by itself", "green"
        elif not case.right_corrected:
            said, colour, broken = "wrong even as corrected", "red", 1
        console.print(Text.assemble((case.name, "bold"), "  ", (said, colour)), soft_wrap=True)
    return broken


def _follow(settings: Settings, said: pa.Table, now: datetime, console: Console) -> int:
    for override in said.to_pylist():
        word = "withdrawn" if override["is_withdrawn"] else "noted"
        line = f"{override['override_id']}  {word}: {describe(override)}"
        console.print(sanitize(line), markup=False, highlight=False, soft_wrap=True)
    if not len(said):
        console.print("nothing new: these corrections hold already")
        return 0
    run = corrections.edit_corrected(settings, said, f"correct__{now.isoformat()}", now)
    if run is None:
        _tell_outlets(settings, said, console)
        return 0
    landed = pluralize(run["stories_landed"], "story")
    console.print(f"split again: {landed} landed, {run['stories_quarantined']} set aside")
    return 0


def _tell_outlets(settings: Settings, said: pa.Table, console: Console) -> None:
    """Say from when on corrections of outlets' pages hold, and which outlets have no page."""
    words = ["resplit", "--all"]
    for outlet in dict.fromkeys(said["outlet"].drop_null().to_pylist()):
        words += ["--outlet", outlet]
        if choose_pages(settings.lake, Choice(outlets=frozenset([outlet]))).is_empty():
            line = (
                f"no page of {outlet} is known: is it spelled as `outlet` in the warehouse has it?"
            )
            console.print(Text(sanitize(line), style="yellow"), soft_wrap=True)
    again = sanitize(format_command(settings, words))
    line = f"it holds for pages split from now on; for older ones: {again}"
    console.print(line, markup=False, highlight=False, soft_wrap=True)
