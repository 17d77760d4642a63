"""
# Review the quarantine: a person decides

Gathers the stories that were set aside and wait, by the rules they failed, and asks a person about
each group: **Release** (land them as they are, flagged), **Reject**, **Send back** (split their
pages again, with corrections) or **Leave** (ask again another day). Nobody answers in time: Leave.

| step | does | reads | writes |
|---|---|---|---|
| `gather` | groups what waits by cause, some stories a case | lake | cases |
| `ask` | shows a case and waits for the answer, without a slot | case | Airflow |
| `decide` | writes who decided what, and corrections of the split | answer | lake |
| `edit` | splits and judges the pages again, by today's rules | lake | frames |
| `land` | puts the new rows in the place of the old | frames | lake |
| `publish` | projects the lake; skipped if the warehouse holds it already | lake | warehouse |

**When.** By the clock (`COPYDESK_REVIEW`), or *Trigger*. Answer under *Required Actions*; a notice
goes to `COPYDESK_NOTIFY_URL`. Each case goes its way as soon as it is answered. **Nothing waits:**
only `gather` is green. A decision on a story that has changed since is written down as stale, and
does nothing; one that arrives twice is written once. `docs/quality.md` says how to correct.

**When it is red.** The line `FAILED` at the end of the task's log names the error and the way out.
- `decide`: an answer that cannot be read; nothing is written. Clear `ask` of that case: it is
  asked again. Busy locks are retried.
- `edit`: as `split`, `judge` and `gate` of `ingest_pages`; nothing has landed. Clear the task.
- `land`, `publish`: busy disks and locks are retried. Clear the task.
- Every task may run twice; nothing lands twice.
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
    """Group what waits by cause; nothing waiting skips the rest."""
    return review_tasks.share_cases(assets.SETTINGS, run_ids.name_run())


@task(map_index_template=CAUSE)
def decide(case: str, answer: Any) -> str:
    """Write down who decided what."""
    return review_tasks.decide(assets.SETTINGS, case, answer)


@task(map_index_template=CASE)
def edit(decision: str) -> str:
    """Split and judge the pages again; skipped where none has to be."""
    return review_tasks.edit_again(assets.SETTINGS, decision, run_ids.name_run())


@task(map_index_template=CASE, outlets=[assets.STORIES])
def land(gate_receipt: str, *, outlet_events: Any) -> str:
    """Land the pages as they are now, in the place of what they were."""
    landed = steps.land(assets.SETTINGS, gate_receipt, datetime.now(UTC))
    return events.announce_landed(outlet_events[assets.STORIES], landed)


@task(
    map_index_template=CASE, outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL,
    trigger_rule="none_failed",
)  # fmt: skip
def publish(*, outlet_events: Any) -> str:
    """Project the lake into the warehouse, unless it holds that version already."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task_group
def review(case: str) -> None:
    """Order what is done for one case: ask, decide, edit, land, publish."""
    ask = review_tasks.AskOperator(
        task_id="ask", case=case, map_index_template="{{ task.label }}",
        wait_s=assets.SETTINGS.review_s,
        notify_url=assets.SETTINGS.notify_url, doc_md="Show a case, and wait for the answer.",
    )  # fmt: skip
    land(edit(decide(case, ask.output))) >> publish()


@dag(
    schedule=assets.REVIEW, max_active_runs=1, default_args=assets.DEFAULT_ARGS,
    deadline=[assets.deadline_after(assets.SETTINGS.review_s)], doc_md=__doc__, tags=["review"],
    dagrun_timeout=timedelta(seconds=assets.SETTINGS.review_s + 2 * assets.SETTINGS.deadline_s),
    is_paused_upon_creation=False,
)  # fmt: skip
def review_quarantine() -> None:
    """Order the steps: gather, then each case by itself."""
    review.expand(case=gather())


review_quarantine()
