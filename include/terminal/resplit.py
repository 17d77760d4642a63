"""The command `resplit`: split pages of the lake again, show what would change, ask, land."""

import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.reading.recall import Choice
from include.model import RESPLIT, Run
from include.pipeline import resplit, steps
from include.pipeline.cleanup import hold_run
from include.pipeline.edit import edit_batches
from include.pipeline.receipt_types import CompareReceipt, IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt, run_key
from include.pipeline.resplit import APPROVED, DRY_RUN, REFUSED
from include.review.resplit_summary import name_subject, show_examples, tabulate
from include.terminal.home import refuse_unborn
from include.text import pluralize


def run_resplit(
    settings: Settings,
    days: str,
    outlets: Sequence[str] = (),
    *,
    only_older: bool = True,
    dry_run: bool = False,
    yes: bool = False,
) -> int:
    """
    Split the chosen pages again, show what would change, and land it if a person agrees.

    Raises:
        UsageWrong: the days cannot be read, or there is no terminal to ask at.
        NotFound: nothing was ingested into this home.
    """
    if not (dry_run or yes or sys.stdin.isatty()):
        way_out = "There is no terminal on which to ask: add --yes or --dry-run."
        raise UsageWrong("--yes", False, way_out)
    refuse_unborn(settings)
    choice = resplit.choose(resplit.read_days(days), outlets, only_older)
    now = datetime.now(UTC)
    run_id = f"resplit__{now.isoformat()}"
    with hold_run(settings.receipts / run_key(run_id)):
        return _resplit(settings, Run(run_id, now), choice, dry_run=dry_run, yes=yes)


def _resplit(settings: Settings, run: Run, choice: Choice, *, dry_run: bool, yes: bool) -> int:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    receipt = steps.recall(settings, run.run_id, run.started_at, choice, RESPLIT)
    batches = read_receipt(receipt, IntakeReceipt).batches
    if not batches:
        older = " of another splitter; --all also takes those of this one" if choice.below else ""
        console.print(f"nothing to split again: no such page{older}")
        return 0
    compared = resplit.compare(settings, _edit(settings, receipt, batches))
    comparison = read_receipt(compared, CompareReceipt)
    console.print(name_subject(comparison))
    for line in tabulate(comparison):
        console.print(f"  {line}".rstrip())
    for name, lines in show_examples(comparison):
        console.print(name, *lines, sep="\n  ")
    decision = DRY_RUN if dry_run else APPROVED if yes or _agrees(console) else REFUSED
    by = None if dry_run else getpass.getuser()
    if resplit.settle(settings, compared, decision, by, datetime.now(UTC)):
        landing = steps.land(settings, comparison.gate, datetime.now(UTC))
        row = read_receipt(landing, LandReceipt).run
        landed, aside = row["stories_landed"], row["stories_quarantined"]
        console.print(f"landed: {pluralize(landed, 'story')}, {aside:,} set aside")
    elif comparison.examples:
        console.print("no story was changed; the proposed changes are recorded")
    else:
        console.print("no story was changed: the result is the same")
    steps.publish(settings)
    return 0


def _edit(settings: Settings, receipt: Path, batches: Sequence[Path]) -> Path:
    """Split, judge and gate the batches."""
    return steps.gate(settings, receipt, edit_batches(settings, batches))


def _agrees(console: Console) -> bool:
    """Ask y or n; anything but y or yes is no."""
    try:
        return console.input("land this? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
