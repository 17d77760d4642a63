"""
# Ingest pages: inbox to stories

Reads new files from the inboxes, splits them into stories, judges, lands, publishes.
| step | does | reads | writes |
|---|---|---|---|
| `take` | lists the inboxes, batches files new to the ledger | inboxes, lake | receipts |
| `split` | splits a batch of pages into stories and chrome | batch | frames |
| `judge` | lands or quarantines each story, by the suite `stories` | frames | frames |
| `gate` | checks the run as a whole; if it fails, nothing lands | receipts | receipt |
| `land` | commits stories, chrome, quarantine and results, then the ledger | frames | lake |
| `publish` | builds the warehouse from the lake; skipped if it is up to date | lake | warehouse |
| `check_inboxes` | fails for what could not be read, once all else landed | receipt | |

**When.** On an event of the asset `inbox` (a settled file), on a schedule, or *Trigger*, with any
folder or URL as `inbox`. `land` and `publish` send events on their assets.

**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
- `take`: no inbox can be listed. Mount it or correct `COPYDESK_INBOX`, then clear the task.
- `check_inboxes`: fix the inboxes, folders or files it names for the next run. Clear nothing.
- `gate`: a figure is unusual, see *Story Desk*. Explain it or trigger with its rule in `open_gate`.
- Others: fix what the line names, clear the task. A task may run twice; nothing lands twice.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import AssetOrTimeSchedule, dag, task, task_group

from include.orchestration import connections, events, gate_task, links, run_params
from include.pipeline import steps  # 0.1 s: a step imports its room when it runs


@task.short_circuit(inlets=[assets.INBOX], ignore_downstream_trigger_rules=False)
def take(*, params: dict[str, Any], run_id: str) -> list[str]:
    """List the inboxes and batch new files; if there are none, the other tasks are skipped."""
    settings = assets.settings_for(params)
    inboxes = connections.find_inboxes(settings)
    return events.share_out(steps.intake(settings, run_id, datetime.now(UTC), inboxes))


@task(map_index_template=events.LABEL)
def split(batch: str) -> str:
    """Split a batch of pages into stories and chrome."""
    return str(steps.split(events.name_batch(batch, "batch")))


@task(map_index_template=events.LABEL)
def judge(split_receipt: str) -> str:
    """Land or quarantine every story of a batch."""
    return str(steps.judge(events.name_batch(split_receipt, "split")))


@task
def gate(intake_receipt: str, judged: Any) -> str:
    """Check the run as a whole before anything lands."""
    return gate_task.weigh(assets.SETTINGS, intake_receipt, events.gather(judged))


@task(outlets=[assets.STORIES])
def land(gate_receipt: str, *, outlet_events: Any) -> str:
    """Land the run in the lake, all or nothing; its event names the days it touched."""
    landed = steps.land(assets.SETTINGS, gate_receipt, datetime.now(UTC))
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task(trigger_rule="none_failed")
def check_inboxes() -> None:
    """Fail if an inbox, or a folder or file in one, could not be read."""
    events.check_missed()


@task_group
def edit(batch: str) -> Any:
    """Split and judge one batch."""
    return judge(split(batch))


@dag(
    schedule=AssetOrTimeSchedule(timetable=assets.CLOCK, assets=[assets.INBOX]),
    doc_md=__doc__, tags=["ingest"], **assets.DAG_ARGS,
    params=run_params.INGEST,
)  # fmt: skip
def ingest_pages() -> None:
    """Define the order of the steps."""
    batches = take()
    judged = edit.expand(batch=batches)
    gated = links.link_run(gate(batches["receipt"], judged))
    links.link_run(land(gated)) >> publish() >> check_inboxes()


ingest_pages()
