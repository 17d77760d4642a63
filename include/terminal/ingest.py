"""One ingest run at a terminal: the steps in order, batches in as many processes as asked for."""

import json
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

from rich.console import Console

from include import steps
from include.intake.patience import wait_until_settled
from include.receipts import read_receipt
from include.settings import Settings


def run_ingest(settings: Settings, as_json: bool = False) -> int:
    """
    Run intake, split, judge, gate, land and publish on the settings' inbox.

    Prints the run's report, or with `as_json` one object on the last line of standard output.
    """
    began = time.monotonic()
    wait_until_settled(settings.inbox, settings.settle_s)
    now = datetime.now(UTC)
    run_id = f"cli__{now.isoformat()}"
    receipt = steps.intake(settings, run_id, now)
    taken = read_receipt(receipt, "intake")
    run_row: dict[str, object] = {}
    if taken["batches"]:
        judged = list(_edit(taken["batches"], settings.workers))
        landed = steps.land(settings, steps.gate(receipt, judged), datetime.now(UTC))
        run_row = read_receipt(landed, "land")["run"]
    steps.publish(settings)
    if as_json:
        print(json.dumps(_figures(taken["tally"], run_row, time.monotonic() - began)))
    else:
        from include.report import print_run

        print_run(settings, run_id, Console())
    return 0


def edit_batch(batch: str) -> str:
    """Split and judge one batch; give the judge's receipt."""
    return str(steps.judge(steps.split(batch)))


def _edit(batches: list[str], workers: int) -> Iterable[str]:
    if min(workers, len(batches)) <= 1:
        yield from map(edit_batch, batches)
        return
    # spawn: Polars' threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(edit_batch, batches)


def _figures(tally: dict[str, int], run: dict[str, object], seconds: float) -> dict[str, object]:
    """Give what `--json` promises; files are those of the tally, landing may have moved some."""
    return {
        "files_seen": tally["seen"],
        "files_taken": run.get("files_taken", 0),
        "files_skipped": run.get("files_skipped", tally["skipped"]),
        "files_rejected": run.get("files_rejected", 0),
        "files_redelivered": run.get("files_redelivered", 0),
        "files_waiting": tally["waiting"],
        "files_ignored": tally["ignored"],
        "stories_landed": run.get("stories_landed", 0),
        "stories_quarantined": run.get("stories_quarantined", 0),
        "seconds": round(seconds, 3),
    }
