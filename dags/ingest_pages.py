"""
# Ingest pages: inbox to stories

Takes what is new in the inboxes, cuts it into stories, judges, lands and publishes them.
| step | does | reads | writes |
|---|---|---|---|
| `take` | lists the inboxes, shares out what the ledger does not know | inboxes, lake | receipts |
| `split` | cuts a batch of pages into stories and chrome | batch | frames |
| `judge` | lands or quarantines each story, by the suite `stories` | frames | frames |
| `gate` | weighs the run as a whole; closed, it stops before anything lands | receipts | receipt |
| `land` | commits stories, chrome, quarantine and results, then the ledger | frames | lake |
| `publish` | projects the lake; skipped if the warehouse holds it already | lake | warehouse |
| `check_inboxes` | fails for an inbox that was left out, all others having landed | receipt | |

**When.** A file that lies still in an inbox rings (asset `inbox`), or else the clock. By hand:
*Trigger*, with any folder or URL as `inbox`. `land` and `publish` send events on their assets.

**When it is red.** The line `FAILED` at the end of the task's log names the error and the way out.
- `take`: no inbox can be listed. Mount it or correct `COPYDESK_INBOX`, then clear it.
- `check_inboxes`: mend the inboxes it names; the next run takes them, nothing is to be cleared.
- `gate`: unlike the runs before. Explain the figure; or trigger with the rule in `open_gate`.
- Others: mend what the line names, clear the task. Each may run twice; nothing lands twice.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import AssetOrTimeSchedule, dag, task, task_group

from include.orchestration import connections, events, gate_task, links, run_params
from include.pipeline import steps  # 0.1 s: a step imports its room when it runs


@task.short_circuit(inlets=[assets.INBOX], ignore_downstream_trigger_rules=False)
def take(*, params: dict[str, Any], run_id: str) -> list[str]:
    """List the inboxes, take what is new, in batches; nothing new skips the rest."""
    settings = assets.settings_for(params)
    inboxes = connections.find_inboxes(settings)
    return events.share_out(steps.intake(settings, run_id, datetime.now(UTC), inboxes))


@task(map_index_template=events.LABEL)
def split(batch: str) -> str:
    """Cut a batch of pages into stories and chrome."""
    return str(steps.split(events.name_batch(batch, "batch")))


@task(map_index_template=events.LABEL)
def judge(split_receipt: str) -> str:
    """Land or quarantine every story of a batch."""
    return str(steps.judge(events.name_batch(split_receipt, "split")))


@task
def gate(intake_receipt: str, judged: Any) -> str:
    """Weigh the run as a whole before anything lands."""
    return gate_task.weigh(assets.SETTINGS, intake_receipt, events.gather(judged))


@task(outlets=[assets.STORIES])
def land(gate_receipt: str, *, outlet_events: Any) -> str:
    """Land the run in the lake, all or nothing; tell which days it touched."""
    landed = steps.land(assets.SETTINGS, gate_receipt, datetime.now(UTC))
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Project the lake into the warehouse, unless it holds that version already."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task(trigger_rule="none_failed")
def check_inboxes() -> None:
    """Fail for the inboxes that could not be taken."""
    events.check_missed()


@task_group
def edit(batch: str) -> Any:
    """Edit one batch: split it, judge it."""
    return judge(split(batch))


@dag(
    schedule=AssetOrTimeSchedule(timetable=assets.CLOCK, assets=[assets.INBOX]),
    doc_md=__doc__, tags=["ingest"], **assets.DAG_ARGS,
    params=run_params.INGEST,
)  # fmt: skip
def ingest_pages() -> None:
    """Order the steps."""
    batches = take()
    judged = edit.expand(batch=batches)
    land(links.link_data_docs(gate(batches["receipt"], judged))) >> publish() >> check_inboxes()


ingest_pages()
