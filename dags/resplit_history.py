"""
# Re-split history: what a newer splitter makes of pages that landed

Splits pages of the lake again, from the bytes it keeps, and shows what would change, story by
story. A person approves; then all pages land as one version. Nobody answers in time: Refuse.
| step | does | reads | writes |
|---|---|---|---|
| `recall` | chooses pages by the params, takes their bytes from the lake | lake | receipts |
| `split` | cuts a batch of pages into stories and chrome, as pages are today | batch | frames |
| `judge` | lands or quarantines each story, by the suite `stories` | frames | frames |
| `compare` | stories added, gone, changed: counts by outlet, the largest | lake, frames | report |
| `approve` | asks a person, and waits without a slot; skipped on a dry run | report | Airflow |
| `land` | writes down who decided what; if approved, lands all pages at once | frames | lake |
| `publish` | projects the lake; skipped if the warehouse holds it already | lake | warehouse |

**When.** *Trigger*, with `days` (`2026-01-01..2026-01-31`, or `all`), `outlets`, `only_older`
(pages that another splitter split; off: all) and `dry_run`. **Backfill**, in the UI or by `make
airflow DO="backfill create --dag-id resplit_history --from-date 2026-01-01 --to-date 2026-01-31"`,
asks day by day, each for the pages that landed that day. By itself each night, for the day that
ended: usually no other splitter has split its pages, and `recall` skips the rest.

**The report** is linked from question and `compare`; `quality.resplit_changes` is the table.
**When it is red.** The line `FAILED` at the end of the task's log names the error and the way out.
- `recall`: days that cannot be read. Trigger again. Refused by mistake: the same.
- `compare`: the gate, for something would be lost: report it. Nothing has landed.
- Others: mend what the line names, clear the task. Each may run twice; nothing lands twice.
"""

from datetime import timedelta
from typing import Any

import assets
from airflow.sdk import CronDataIntervalTimetable, dag, task, task_group

from include.orchestration import events, links, resplit_tasks, run_ids, run_params
from include.pipeline import steps


@task.short_circuit(inlets=[assets.STORIES], ignore_downstream_trigger_rules=True)
def recall(*, params: dict[str, Any]) -> list[str]:
    """Take the chosen pages from the lake, in batches; none skips the rest."""
    return resplit_tasks.recall(assets.SETTINGS, run_ids.name_run(), params)


@task(map_index_template=events.LABEL)
def split(batch: str) -> str:
    """Cut a batch of pages into stories and chrome."""
    return str(steps.split(events.name_batch(batch, "batch")))


@task(map_index_template=events.LABEL)
def judge(split_receipt: str) -> str:
    """Land or quarantine every story of a batch."""
    return str(steps.judge(events.name_batch(split_receipt, "split")))


@task
def compare(intake_receipt: str, judged: Any, *, params: dict[str, Any]) -> str:
    """Tell what would change; a dry run ends here."""
    return resplit_tasks.compare(assets.SETTINGS, intake_receipt, judged, params["dry_run"])


@task(outlets=[assets.STORIES])
def land(compared: str, answer: Any, *, outlet_events: Any) -> str:
    """Write down what was decided; if approved, land all pages as one version."""
    landed = resplit_tasks.land(assets.SETTINGS, compared, answer)
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Project the lake into the warehouse, unless it holds that version already."""
    done = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], done)


@task_group
def edit(batch: str) -> Any:
    """Edit one batch: split it, judge it."""
    return judge(split(batch))


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"), params=run_params.RESPLIT,
    doc_md=__doc__, tags=["resplit"], max_active_runs=1, default_args=assets.DEFAULT_ARGS,
    deadline=[assets.deadline_after(assets.SETTINGS.review_s)], is_paused_upon_creation=False,
    dagrun_timeout=timedelta(seconds=assets.SETTINGS.review_s + 2 * assets.SETTINGS.deadline_s),
)  # fmt: skip
def resplit_history() -> None:
    """Order the steps: recall, edit, compare, approve, land, publish."""
    batches = recall()
    compared = links.link_report(compare(batches["receipt"], edit.expand(batch=batches)))
    approve = resplit_tasks.ApproveOperator(
        task_id="approve", compared=compared, wait_s=assets.SETTINGS.review_s,
        notify_url=assets.SETTINGS.notify_url, doc_md="Show what would change, and wait.",
    )  # fmt: skip
    land(compared, approve.output) >> publish()


resplit_history()
