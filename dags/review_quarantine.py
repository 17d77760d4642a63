"""
# Review the quarantine: a person decides

Groups quarantined stories that await a decision by the rules they failed, and asks a person about
each group: **Release** (land them as they are, flagged), **Reject**, **Send back** (split their
pages again, with corrections) or **Leave** (ask again another day). No answer in time means Leave.

| step | does | reads | writes |
|---|---|---|---|
| `gather` | groups the waiting stories by cause, a few per case | lake | cases |
| `ask` | shows a case and waits for the answer, without holding a slot | case | Airflow |
| `ask_again` | asks with the reason, if the answer could not be followed | answer | Airflow |
| `ask_once_more` | the same, a last time | answer | Airflow |
| `decide` | records who decided what, and corrections of the split | answer | lake |
| `edit` | splits and judges the pages again, with today's rules | lake | frames |
| `land` | replaces the old rows with the new ones | frames | lake |
| `publish` | builds the warehouse from the lake; skipped if it is up to date | lake | warehouse |

**When.** On a schedule (`COPYDESK_REVIEW`), or *Trigger*. Answer under *Required Actions*; a notice
goes to `COPYDESK_NOTIFY_URL`. Each case proceeds as soon as it is answered. **Nothing waiting:**
only `gather` runs. A decision on a story that has changed since is recorded as stale and has no
effect; a repeated answer is recorded once. `docs/quality.md` explains corrections.

**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
- `ask_once_more` (retried): the third answer could not be followed either; its log says why.
- `decide`: busy locks are retried. If a page changed meanwhile, clear `ask` of that case.
- `edit`: see `split`, `judge` and `gate` of `ingest_pages`; nothing has landed. Clear the task.
- `land`, `publish`: busy disks and locks are retried. Clear the task.
- A task may run twice; nothing lands twice.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import assets
from airflow.sdk import dag, task, task_group

from include.orchestration import events, review_tasks, run_ids
from include.pipeline import steps

CAUSE = "{{ label }}"  # the cause and how many, set when the task runs
CASE = "case {{ ti.map_index + 1 }}"


@task.short_circuit(inlets=[assets.STORIES], ignore_downstream_trigger_rules=True)
def gather() -> list[str]:
    """Group waiting stories by cause; if there are none, the other tasks are skipped."""
    return review_tasks.share_cases(assets.SETTINGS, run_ids.name_run())


@task(map_index_template=CAUSE)
def decide(case: str, answer: Any) -> str:
    """Record who decided what."""
    return review_tasks.decide(assets.SETTINGS, case, answer)


@task(map_index_template=CASE)
def edit(decision: str) -> str:
    """Split and judge the pages again; skipped if there are none."""
    return review_tasks.edit_again(assets.SETTINGS, decision, run_ids.name_run())


@task(map_index_template=CASE, outlets=[assets.STORIES])
def land(gate_receipt: str, *, outlet_events: Any) -> str:
    """Replace the old rows of the pages with the new ones."""
    landed = steps.land(assets.SETTINGS, gate_receipt, datetime.now(UTC))
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(
    map_index_template=CASE, outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL,
    trigger_rule="none_failed",
)  # fmt: skip
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task_group
def review(case: str) -> None:
    """Order what is done for one case: ask, decide, edit, land, publish."""
    answer = review_tasks.ask_person(case, assets.SETTINGS)
    land(edit(decide(case, answer))) >> publish()


@dag(
    schedule=assets.REVIEW, max_active_runs=1, default_args=assets.DEFAULT_ARGS,
    deadline=[assets.deadline_after(assets.SETTINGS.review_s)], doc_md=__doc__, tags=["review"],
    dagrun_timeout=timedelta(seconds=assets.SETTINGS.review_s + 2 * assets.SETTINGS.deadline_s),
    is_paused_upon_creation=False,
)  # fmt: skip
def review_quarantine() -> None:
    """Define the order: gather, then each case on its own."""
    review.expand(case=gather())


review_quarantine()
