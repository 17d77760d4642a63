"""Tend the lake at a terminal: compact it, learn the chrome book, sweep, and publish."""

import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from include.config.commands import format_command
from include.config.settings import Settings
from include.pipeline import maintenance, steps
from include.pipeline.receipts import read_receipt
from include.terminal.home import refuse_unborn
from include.text import pluralize

TOLD = ("book_version", "changed", "lines", "pages")
LOOK = "select outlet, text, pages, stories from chrome_book"


def run_tend(settings: Settings, as_json: bool = False) -> int:
    """
    Compact, gather evidence, learn the book, remove what is of no use, publish.

    Prints what was done, or with `as_json` one object on the last line of standard output.
    Raises:
        NotFound: nothing was ingested into this home.
    """
    refuse_unborn(settings)
    now = datetime.now(UTC)
    run_id = f"tend__{now.isoformat()}"
    compacted = read_receipt(maintenance.compact(settings, run_id, now), "compact")
    receipt = maintenance.learn(settings, maintenance.gather(settings, run_id), now)
    learnt = read_receipt(receipt, "learn")
    vacuumed = read_receipt(maintenance.vacuum(settings, run_id, now), "vacuum")
    steps.publish(settings)
    if as_json:
        (before, after), removed = compacted["files"], vacuumed["removed_files"]
        files = {"files_compacted": before, "files_made": after, "files_removed": removed}
        print(json.dumps({name: learnt[name] for name in TOLD} | files))
        return 0
    stands = "" if learnt["changed"] else ", as it stood: no page landed since"
    console = Console(highlight=False)
    console.print(
        f"chrome book {learnt['book_version']}: {pluralize(learnt['lines'], 'line')} that sites "
        f"repeat, learnt from {pluralize(learnt['pages'], 'page')}{stands}"
    )
    console.print(_tell_files(compacted, vacuumed, settings.retention_days), soft_wrap=True)
    look = format_command(settings, ["query", LOOK])
    console.print(f"try: {look}", soft_wrap=True, markup=False)
    return 0


def _tell_files(compacted: dict[str, Any], vacuumed: dict[str, Any], retention_days: int) -> str:
    """Say what became of the lake's files."""
    days, (before, after) = len(compacted["days"]), compacted["files"]
    size = "{:.1f} to {:.1f} MB".format(*(size / 1e6 for size in compacted["size_bytes"]))
    made = f"files: {before:,} became {after:,} in {pluralize(days, 'day')} of tables, {size}"
    told = [made if days else "files: none to compact"]
    if compacted["left"]:
        told.append(
            f"left to wait, since it changed meanwhile: {pluralize(compacted['left'], 'day')}"
        )
    told.append(f"{vacuumed['removed_files']:,} removed ({vacuumed['removed_bytes'] / 1e6:.1f} MB)")
    told.append(
        f"{vacuumed['kept_files']:,} out of use kept for {pluralize(retention_days, 'day')}"
    )
    if vacuumed["unread"]:
        told.append(f"older versions cannot be read of {', '.join(vacuumed['unread'])}: all kept")
    return "; ".join(told)
