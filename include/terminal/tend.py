"""The command `tend`: compact the lake, learn the chrome book, vacuum, publish."""

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

LEARNT = ("book_version", "changed", "lines", "pages")
QUERY = "select outlet, text, pages, stories from chrome_book"


def run_tend(settings: Settings, as_json: bool = False) -> int:
    """
    Compact, gather evidence, learn the book, remove unused files, publish.

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
        print(json.dumps({name: learnt[name] for name in LEARNT} | files))
        return 0
    unchanged = "" if learnt["changed"] else ", unchanged: no page landed since"
    console = Console(highlight=False)
    console.print(
        f"chrome book {learnt['book_version']}: {pluralize(learnt['lines'], 'line')} that sites "
        f"repeat, learnt from {pluralize(learnt['pages'], 'page')}{unchanged}"
    )
    console.print(_describe_files(compacted, vacuumed, settings.retention_days), soft_wrap=True)
    command = format_command(settings, ["query", QUERY])
    console.print(f"try: {command}", soft_wrap=True, markup=False)
    return 0


def _describe_files(
    compacted: dict[str, Any], vacuumed: dict[str, Any], retention_days: int
) -> str:
    """Describe what was done to the lake's files."""
    days, (before, after) = len(compacted["days"]), compacted["files"]
    size = "{:.1f} to {:.1f} MB".format(*(size / 1e6 for size in compacted["size_bytes"]))
    made = f"files: {before:,} became {after:,} in {pluralize(days, 'day')} of tables, {size}"
    parts = [made if days else "files: none to compact"]
    if compacted["left"]:
        parts.append(f"{pluralize(compacted['left'], 'day')} skipped, since a run changed them")
    removed_mb = vacuumed["removed_bytes"] / 1e6
    parts.append(f"{vacuumed['removed_files']:,} removed ({removed_mb:.1f} MB)")
    parts.append(
        f"{vacuumed['kept_files']:,} unused kept for up to {pluralize(retention_days, 'day')}"
    )
    if vacuumed["unread"]:
        tables = ", ".join(vacuumed["unread"])
        parts.append(f"all files kept of {tables}, whose older versions cannot be read")
    return "; ".join(parts)
