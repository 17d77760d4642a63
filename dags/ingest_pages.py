"""
# Ingest pages: inbox to stories

Takes what is new in the inbox, cuts it into stories, judges them, lands them in the lake and
projects the lake into the warehouse.

| step | does | reads | writes |
|---|---|---|---|
| `take` | lists the inbox, shares out what the ledger does not know | inbox, lake | receipts |
| `split` | cuts a batch of pages into stories and chrome | batch | frames |
| `judge` | lands or quarantines each story, by the suite `stories` | frames | frames |
| `gate` | weighs the run as a whole; closed, it stops before anything lands | receipts | receipt |
| `land` | commits stories, chrome, quarantine and results, then the ledger | frames | lake |
| `publish` | projects the lake; skipped if the warehouse holds it already | lake | warehouse |

**When.** A file that lies still in the inbox rings (asset `inbox`); the clock rings should that be
lost. By hand: *Trigger*, with any folder as `inbox`. `land` sends an event on the asset `stories`
for each day touched, `publish` one on `warehouse`. **Nothing new:** only `take` is green, nothing
lands; `publish` still looks whether a crash after `land` has left the warehouse behind the lake.

**When it is red.** The line `FAILED` at the end of the task's log names the error and the way out.
- `take`: the inbox cannot be listed. Mount it or correct `COPYDESK_INBOX`, then clear `take`.
- `split`, `judge`: a bug or a broken suite; nothing has landed. Mend it, clear the task.
- `gate`: unlike the runs before. Explain the figure; or trigger with the rule in `open_gate`.
- `land`, `publish`: busy disks and locks are retried. Clear the task.
- Every task may run twice. Clearing `take` starts the run over; nothing lands twice.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import assets
from airflow.sdk import AssetOrTimeSchedule, Param, dag, task, task_group

from include import steps  # 0.13 s, Arrow; what is heavy is imported by the step that needs it
from include.orchestration import events, gatehouse, links

LABEL = "{{ label }}"  # "batch-0000: 12 pages" instead of "0"; set by events.name_batch


@task.short_circuit(inlets=[assets.INBOX], ignore_downstream_trigger_rules=False)
def take(*, params: dict[str, Any], run_id: str) -> list[str]:
    """List the inbox, take what is new, in batches; nothing new skips the rest."""
    return events.share_out(steps.intake(assets.settings_for(params), run_id, datetime.now(UTC)))


@task(map_index_template=LABEL)
def split(batch: str) -> str:
    """Cut a batch of pages into stories and chrome."""
    return str(steps.split(events.name_batch(batch, "batch")))


@task(map_index_template=LABEL)
def judge(split_receipt: str) -> str:
    """Land or quarantine every story of a batch."""
    return str(steps.judge(events.name_batch(split_receipt, "split")))


@task
def gate(intake_receipt: str, judged: Any) -> str:
    """Weigh the run as a whole before anything lands."""
    return gatehouse.weigh(assets.SETTINGS, intake_receipt, events.gather(judged))


@task(outlets=[assets.STORIES])
def land(gate_receipt: str, *, outlet_events: Any) -> str:
    """Land the run in the lake, all or nothing; tell which days it touched."""
    landed = steps.land(assets.SETTINGS, gate_receipt, datetime.now(UTC))
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Project the lake into the warehouse, unless it holds that version already."""
    return events.announce_published(
        outlet_events[assets.WAREHOUSE], steps.publish(assets.SETTINGS)
    )


@task_group
def edit(batch: str) -> Any:
    """Edit one batch: split it, judge it."""
    return judge(split(batch))


@dag(
    schedule=AssetOrTimeSchedule(timetable=assets.CLOCK, assets=[assets.INBOX]), max_active_runs=1,
    default_args=assets.DEFAULT_ARGS, deadline=[assets.DEADLINE], doc_md=__doc__, tags=["ingest"],
    dagrun_timeout=timedelta(seconds=2 * assets.SETTINGS.deadline_s), is_paused_upon_creation=False,
    params={"inbox": Param(None, type=["null", "string"], description="folder; null: the setting"),
            "open_gate": Param([], type="array", description="gate rules that may be broken")},
)  # fmt: skip
def ingest_pages() -> None:
    """Order the steps: take, then edit each batch, then gate, land and publish."""
    batches = take()
    judged = edit.expand(batch=batches)
    land(links.link_data_docs(gate(batches["receipt"], judged))) >> publish()


ingest_pages()
