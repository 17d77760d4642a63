"""
# Re-split history: apply a newer splitter to landed pages

Splits pages of the lake again, from the stored bytes, and shows what would change, story by story.
If a person approves, all pages land as one version. Without an answer in time, it is refused.
| step | does | reads | writes |
|---|---|---|---|
| `recall` | selects pages by the params, reads their bytes | lake | receipts |
| `split` | splits a batch of pages into stories and chrome | batch | frames |
| `judge` | lands or quarantines each story, by the suite `stories` | frames | frames |
| `compare` | counts stories added, removed, changed | lake, frames | receipt |
| `approve` | asks a person; skipped on a dry run, or if nothing would change | receipt | Airflow |
| `land` | records who decided what; if approved, lands all pages at once | frames | lake |
| `publish` | updates the warehouse; skipped if it is up to date | lake | warehouse |

**When.** *Trigger*, with `days` (`2026-01-01..2026-01-31`, or `all`), `outlets`, `dry_run` and
`only_older` (pages that another splitter version split or set aside; off: all). **Backfill**, in
the UI or `make airflow DO="backfill create --dag-id resplit_history --from-date 2026-01-01
--to-date 2026-01-31"`, asks day by day, for the pages that landed that day. It also runs each night
for the past day: usually no page is of another splitter version, and `recall` skips the others.

**What would change** is on the Story Desk, linked from the question; answer there or here.
**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
- `recall`: `days` is not valid. Trigger again; likewise after a refusal by mistake.
- `compare`: the gate found that something would be lost. Report it; nothing has landed.
- Others: fix what the line names, clear the task. A task may run twice; nothing lands twice.
"""

from datetime import timedelta
from typing import Any

import assets
from airflow.sdk import CronDataIntervalTimetable, dag, task, task_group

from include.orchestration import events, links, resplit_tasks, run_ids, run_params, spark_tasks
from include.pipeline import steps


@task.short_circuit(inlets=[assets.STORIES], ignore_downstream_trigger_rules=True)
def recall(*, params: dict[str, Any]) -> list[str]:
    """Batch the chosen pages of the lake; if there are none, the other tasks are skipped."""
    return resplit_tasks.recall(assets.SETTINGS, run_ids.name_run(), params)


@task(map_index_template=events.LABEL)
def split(batch: str) -> str:
    """Split a batch of pages into stories and chrome."""
    return str(steps.split(events.name_batch(batch, "batch")))


@task(map_index_template=events.LABEL)
def judge(split_receipt: str) -> str:
    """Land or quarantine every story of a batch."""
    return str(steps.judge(events.name_batch(split_receipt, "split")))


@task
def compare(intake_receipt: str, judged: Any, *, params: dict[str, Any]) -> str:
    """Report what would change; a dry run ends here."""
    return resplit_tasks.compare(assets.SETTINGS, intake_receipt, judged, params["dry_run"])


@task(outlets=[assets.STORIES])
def land(compared: str, answer: Any, *, outlet_events: Any) -> str:
    """Record the decision; if approved, land all pages as one version."""
    landed = resplit_tasks.land(assets.SETTINGS, compared, answer)
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    done = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], done)


@task_group
def edit(batch: str) -> Any:
    """Split and judge one batch."""
    return judge(split(batch))


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"), params=run_params.RESPLIT,
    doc_md=__doc__, tags=["resplit"], max_active_runs=1, default_args=assets.DEFAULT_ARGS,
    deadline=[assets.deadline_after(assets.SETTINGS.review_s)], is_paused_upon_creation=False,
    dagrun_timeout=timedelta(seconds=assets.SETTINGS.review_s + 2 * assets.SETTINGS.deadline_s),
)  # fmt: skip
def resplit_history() -> None:
    """Define the order: recall, edit, compare, approve, land, publish."""
    judged = spark_tasks.map_batches(assets.SETTINGS, "resplit", recall(), edit)
    compared = links.link_resplit(compare(*judged))
    approve = resplit_tasks.ApproveOperator(
        task_id="approve", compared=compared, wait_s=assets.SETTINGS.review_s,
        notify_url=assets.SETTINGS.notify_url, doc_md="Show what would change, and wait.",
    )  # fmt: skip
    land(compared, approve.output) >> publish()


resplit_history()
