"""
# Tend the lake: compact its files, learn which lines sites repeat

Merges the small files of a day into large, sorted ones and deletes files that no reader can need.
Learns the *chrome book* from all landed pages: the lines that appear beside many different stories
and so belong to none. Later runs split with it. `docs/splitting.md` has the rule.

| step | does | reads | writes |
|---|---|---|---|
| `compact` | rewrites days that are over or have eight new files, one day at a time | lake | lake |
| `gather` | counts the lines of pages that landed since the last time, per file | lake | evidence |
| `learn` | evaluates all evidence, commits the new book | evidence, lake | lake |
| `vacuum` | deletes files unused for longer than the retention, counts the rest | lake | lake |
| `publish` | builds the warehouse from the lake; skipped if it is up to date | lake | warehouse |

**When.** Each night (`COPYDESK_NIGHT`). Manually: *Trigger*, or `python -m include tend`. `learn`
sends an event on the asset `chrome_book`, `publish` one on `warehouse`. **Nothing landed since:**
`learn` is skipped and the old book stays; `compact` and `vacuum` have nothing to do.

**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
Until `learn` succeeds, the old book stays in use; pages continue to land.
- `compact`: a run was landing; the task is retried. Finished days stay finished.
- `vacuum`: as `compact`. If it does not run, only disk space is lost.
- `gather`: a file of the lake cannot be read. The evidence so far is kept; clear the task.
- `learn`, `publish`: busy disks and locks are retried. Clear the task.

A task may run twice and may be killed at any point. The evidence (`receipts/tending/`) is derived
data: if deleted, it is gathered again.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import dag, task

from include.orchestration import events, run_ids
from include.pipeline import maintenance, steps


@task(inlets=[assets.STORIES])
def compact() -> str:
    """Merge the many small files of a day into few sorted ones."""
    return str(maintenance.compact(assets.SETTINGS, run_ids.name_run(), datetime.now(UTC)))


@task(inlets=[assets.STORIES])
def gather() -> str:
    """Count the lines of the pages that landed since the last time."""
    return str(maintenance.gather(assets.SETTINGS, run_ids.name_run()))


@task(outlets=[assets.CHROME_BOOK])
def learn(evidence_receipt: str, *, outlet_events: Any) -> str:
    """Evaluate all evidence and commit the new chrome book; skipped if nothing changed."""
    receipt = maintenance.learn(assets.SETTINGS, evidence_receipt, datetime.now(UTC))
    return events.announce_book(outlet_events[assets.CHROME_BOOK], receipt)


@task(trigger_rule="none_failed")
def vacuum() -> str:
    """Delete the files that no reader can need, count the others."""
    return str(maintenance.vacuum(assets.SETTINGS, run_ids.name_run(), datetime.now(UTC)))


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    return events.announce_published(
        outlet_events[assets.WAREHOUSE], steps.publish(assets.SETTINGS)
    )


@dag(
    schedule=assets.NIGHT, doc_md=__doc__, tags=["tend"], **assets.DAG_ARGS,
)  # fmt: skip
def tend_lake() -> None:
    """Define the order: compact, gather, learn, vacuum, publish."""
    evidence = gather()
    compact() >> evidence
    learn(evidence) >> vacuum() >> publish()


tend_lake()
