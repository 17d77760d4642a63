"""
# Analyze stories: make the marts that analysts query

Derives marts from the stories that landed since each mart was last made. Rows of stories that were
revised or re-split leave. `docs/analysis.md` says what there is.

| step | does | reads | writes |
|---|---|---|---|
| `choose` | finds the stories each mart has not seen, in batches | lake | receipts |
| `analyze` | analyses a batch of stories | lake, batch | frames |
| `land` | commits each mart: its rows, then the version of the lake that it shows | frames | lake |
| `pair` | finds the texts that copy one another: the new ones against all | lake | lake |
| `publish` | builds the warehouse from the lake; skipped if it is up to date | lake | warehouse |
| `index` | makes the search index follow the warehouse | warehouse | search index |

**When.** On an event of the asset `stories`: after each landing. Events that arrive during a run
start one more. Manually: *Trigger*, or `python -m include analyze`. `pair` sends an event on the
asset `marts`. **Nothing new:** only `choose` runs. A newer analyzer makes its mart afresh, from all
stories; until then the old rows are shown. `meta.freshness` has each mart's version.

**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
Landing and publishing stories goes on; the marts stay at their version.
- `choose`, `analyze`: a file of the lake cannot be read. Fix what the line names, clear the task.
  A story that an analyzer fails on does not stop the others; `meta.freshness` counts it.
- `land`, `pair`, `publish`, `index`: busy disks and locks are retried. Clear the task.

A task may run twice and may be killed at any point; nothing lands twice.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import FixedKeyMapper, PartitionedAssetTimetable, dag, task

from include.orchestration import events, run_ids
from include.pipeline import analysis, pairing, steps


@task.short_circuit(inlets=[assets.STORIES], ignore_downstream_trigger_rules=True)
def choose() -> list[str]:
    """Batch the stories that are new to a mart; if there are none, the other tasks are skipped."""
    chosen = analysis.choose(assets.SETTINGS, run_ids.name_run(), datetime.now(UTC))
    return events.share_stories(chosen)


@task(map_index_template=events.LABEL, doc_md="Analyse a batch of stories.")
def analyze(batch: str) -> str:
    """Analyse a batch of stories."""
    return str(analysis.analyze(assets.SETTINGS, events.name_batch(batch, "stories")))


@task
def land(choose_receipt: str, analyzed: Any) -> str:
    """Land the marts one by one, each all or nothing."""
    parts = events.gather(analyzed[:])
    return str(analysis.land(assets.SETTINGS, choose_receipt, parts, datetime.now(UTC)))


@task(outlets=[assets.MARTS])
def pair(marts_receipt: str, *, outlet_events: Any) -> str:
    """Find the texts that copy one another: the new ones against all."""
    paired = pairing.pair(assets.SETTINGS, marts_receipt, datetime.now(UTC))
    return events.announce_marts(outlet_events[assets.MARTS], paired)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task(trigger_rule="none_failed")
def index() -> str:
    """Make the search index follow the warehouse; also if that was up to date already."""
    return steps.index(assets.SETTINGS).path


# All days that a landing touched are one event here: the lake says which stories are new.
EVERY_DAY = PartitionedAssetTimetable(
    assets=assets.STORIES, default_partition_mapper=FixedKeyMapper("all days")
)


@dag(schedule=EVERY_DAY, doc_md=__doc__, tags=["analyze"], **assets.DAG_ARGS)
def analyze_stories() -> None:
    """Define the order: choose, analyze, land, pair, publish, index."""
    batches = choose()
    pair(land(batches["receipt"], analyze.expand(batch=batches))) >> publish() >> index()


analyze_stories()
