"""
# Tend the lake: keep its files few, learn which lines sites repeat

Small files of a day become large, sorted ones; what nobody can need any more is removed. From all
landed pages the *chrome book* is learnt: the lines that stand beside many different stories, and so
belong to none. Runs that start later split with it. `docs/splitting.md` has the rule.

| step | does | reads | writes |
|---|---|---|---|
| `compact` | rewrites days that are closed, or have eight new files; day by day | lake | lake |
| `gather` | notes the lines of pages that landed since, file by file | lake | evidence |
| `learn` | weighs all evidence, commits the new book | evidence, lake | lake |
| `vacuum` | removes files out of use for longer than the retention, counts the rest | lake | lake |
| `publish` | projects the lake; skipped if the warehouse holds it already | lake | warehouse |

**When.** Each night (`COPYDESK_NIGHT`). By hand: *Trigger*, or `python -m include tend`. `learn`
sends an event on the asset `chrome_book`, `publish` one on `warehouse`. **Nothing landed since:**
`learn` is skipped, the old book stands; `compact` and `vacuum` find nothing to do.

**When it is red.** The line `FAILED` at the end of the task's log names the error and the way out.
The old book stands until `learn` is green; pages go on landing meanwhile, split with it.
- `compact`: a run was landing; it is retried. Days that were done stay done.
- `vacuum`: as `compact`. Nothing is lost when it does not run, but disk.
- `gather`: a file of the lake cannot be read. What was gathered stays; clear the task.
- `learn`, `publish`: busy disks and locks are retried. Clear the task.

Every task may run twice, and be killed at any point. The evidence (`receipts/tending/`) is a copy:
deleted, it is gathered anew.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import dag, task

from include.orchestration import events, run_ids
from include.pipeline import maintenance, steps


@task(inlets=[assets.STORIES])
def compact() -> str:
    """Make few sorted files of the many small ones of a day."""
    return str(maintenance.compact(assets.SETTINGS, run_ids.name_run(), datetime.now(UTC)))


@task(inlets=[assets.STORIES])
def gather() -> str:
    """Note the lines of the pages that landed since the last time."""
    return str(maintenance.gather(assets.SETTINGS, run_ids.name_run()))


@task(outlets=[assets.CHROME_BOOK])
def learn(evidence_receipt: str, *, outlet_events: Any) -> str:
    """Weigh all evidence, commit the new chrome book; skipped if it stands already."""
    receipt = maintenance.learn(assets.SETTINGS, evidence_receipt, datetime.now(UTC))
    return events.announce_book(outlet_events[assets.CHROME_BOOK], receipt)


@task(trigger_rule="none_failed")
def vacuum() -> str:
    """Remove the files that no reader can need, count the others."""
    return str(maintenance.vacuum(assets.SETTINGS, run_ids.name_run(), datetime.now(UTC)))


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Project the lake into the warehouse, unless it holds that version already."""
    return events.announce_published(
        outlet_events[assets.WAREHOUSE], steps.publish(assets.SETTINGS)
    )


@dag(
    schedule=assets.NIGHT, doc_md=__doc__, tags=["tend"], **assets.DAG_ARGS,
)  # fmt: skip
def tend_lake() -> None:
    """Order the steps: compact, gather, learn, vacuum, publish."""
    evidence = gather()
    compact() >> evidence
    learn(evidence) >> vacuum() >> publish()


tend_lake()
