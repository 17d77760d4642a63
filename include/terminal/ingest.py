"""
The command `ingest`: the steps in order, with batches split and judged in `workers` processes.

The processes that split end before those that judge start, and both before landing. In one process
the models, Great Expectations and the lake's writer would take 420 MiB before the first page.
"""

import getpass
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from include.config.inboxes import Inbox, list_inboxes
from include.config.settings import Settings
from include.engine.workers import open_workers
from include.errors import InboxesMissed, InboxMissing, StoreRefused, StoreSilent
from include.intake.inbox.listing import wait_until_settled
from include.model import FileTally, Opening
from include.pipeline import steps
from include.pipeline.cleanup import drop_leftovers, hold_run
from include.pipeline.receipt_types import IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt, run_key


def run_ingest(settings: Settings, as_json: bool = False, open_gate: Sequence[str] = ()) -> int:
    """
    Run intake, split, judge, gate, land and publish on the configured inboxes.

    Prints the run's report, or with `as_json` one object on the last line of standard output. If
    the run fails, the caller prints that object.

    Args:
        open_gate: rules of the gate that this run may break.
    Raises:
        InboxesMissed: an inbox, or a folder or file in one, could not be read; the rest has landed.
    """
    began = time.monotonic()
    inboxes = list_inboxes(settings)
    opening = _read_opening(open_gate)
    keep_days, asked_s = settings.keep_receipts_days, settings.review_s
    drop_leftovers(settings.receipts, datetime.now(UTC), keep_days, asked_s)
    run_id = f"cli__{datetime.now(UTC).isoformat()}"
    with hold_run(settings.receipts / run_key(run_id)):
        receipt, run_row = _run_steps(settings, run_id, inboxes, opening)
    tally = read_receipt(receipt, IntakeReceipt).tally
    figures = _figures(tally, run_row, time.monotonic() - began)
    if not as_json:
        from include.terminal.report import print_run

        print_run(settings, run_id, Console())
    _check_missed(receipt, figures)
    if as_json:
        print(json.dumps(figures))
    return 0


def _check_missed(receipt: Path, figures: dict[str, object]) -> None:
    """Raise if something could not be read; the error carries the figures of what was."""
    from include.pipeline.intake import check_missed

    try:
        check_missed(receipt)
    except InboxesMissed as missed:
        missed.done = figures
        raise


def _run_steps(
    settings: Settings, run_id: str, inboxes: Sequence[Inbox], opening: Opening | None
) -> tuple[Path, dict[str, object]]:
    """Run the steps; return intake's receipt, and the row of `runs` (empty if nothing landed)."""
    with open_workers(settings.workers) as workers:
        workers.run(_wait_for_all, inboxes)
        receipt = workers.run(steps.intake, settings, run_id, datetime.now(UTC), inboxes)
        split = workers.map(steps.split, read_receipt(receipt, IntakeReceipt).batches)
    run_row: dict[str, object] = {}
    if split:
        with open_workers(settings.workers) as workers:
            judged = workers.map(steps.judge, split)
            gated = workers.run(steps.gate, settings, receipt, judged, opening)
        run_row = read_receipt(steps.land(settings, gated, datetime.now(UTC)), LandReceipt).run
    steps.publish(settings)
    return receipt, run_row


def _wait_for_all(inboxes: Sequence[Inbox]) -> None:
    """Wait until no file of any inbox grows; intake reports inboxes that cannot be listed."""
    for inbox in inboxes:
        with suppress(InboxMissing, StoreRefused, StoreSilent):
            wait_until_settled(inbox.place, inbox.settings.settle_s)


def _read_opening(rules: Sequence[str]) -> Opening | None:
    """Return who opens which rules and when; raise for a rule that cannot be opened."""
    if not rules:
        return None
    from include.quality.gate.gate import check_opening

    opening = Opening(tuple(rules), getpass.getuser(), datetime.now(UTC))
    check_opening(opening)
    return opening


def _figures(tally: FileTally, run: dict[str, object], seconds: float) -> dict[str, object]:
    """Return the object of `--json`; the run counts the files if it landed, else the tally."""
    return {
        "files_seen": tally.seen,
        "files_taken": run.get("files_taken", 0),
        "files_skipped": run.get("files_skipped", tally.skipped),
        "files_rejected": run.get("files_rejected", 0),
        "files_redelivered": run.get("files_redelivered", 0),
        "files_unpacked": run.get("files_unpacked", 0),
        "files_waiting": tally.waiting,
        "files_ignored": tally.ignored,
        "stories_landed": run.get("stories_landed", 0),
        "stories_quarantined": run.get("stories_quarantined", 0),
        "seconds": round(seconds, 3),
    }
