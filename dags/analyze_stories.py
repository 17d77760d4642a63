"""
# Analyze stories: update the marts that analysts query

Adds the stories that landed since each mart was last updated, and deletes the rows of stories that
were revised or re-split. `docs/analysis.md` describes the marts.

| step | does | reads | writes |
|---|---|---|---|
| `choose` | batches the stories that each mart lacks | lake | receipts |
| `analyze` | analyses a batch of stories | lake, batch | frames |
| `land` | commits each mart: its rows, then the lake version that it now shows | frames | lake |
| `pair` | finds texts that copy one another: compares the new ones with all | lake | lake |
| `group` | groups similar stories of the same weeks into events | lake | lake |
| `publish` | builds the warehouse from the lake; skipped if it is up to date | lake | warehouse |
| `index` | brings the search index up to date with the warehouse | warehouse | search index |

**When.** On an event of the asset `stories`: after each landing. Events that arrive during a run
start one more run. Manually: *Trigger*, or `python -m include analyze`. `group` sends an event
on the asset `marts`. **Nothing new:** only `choose` runs. A new version of an analyzer rebuilds its
mart from all stories; until then the old rows are shown. `meta.freshness` has each mart's version.

**When a task fails.** Its note, and the line `FAILED` in its log, name the error and what to do.
Stories still land and are published; the marts stay at their version.
- `choose`, `analyze`: a file of the lake cannot be read. Fix what the line names, clear the task.
  A story that an analyzer fails on does not stop the others; `meta.freshness` counts it.
- `land`, `pair`, `group`, `publish`, `index`: busy disks and locks are retried. Clear the task.

A task may run twice and may be killed at any point; nothing lands twice.
"""

from datetime import UTC, datetime
from typing import Any

import assets
from airflow.sdk import FixedKeyMapper, PartitionedAssetTimetable, dag, task

from include.orchestration import events, run_ids, spark_tasks
from include.pipeline import analysis, grouping, pairing, steps


@task.short_circuit(inlets=[assets.STORIES], ignore_downstream_trigger_rules=True)
def choose() -> list[str]:
    """Batch the stories that a mart lacks; if there are none, the other tasks are skipped."""
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


@task
def pair(marts_receipt: str) -> str:
    """Find texts that copy one another: compare the new ones with all."""
    return str(pairing.pair(assets.SETTINGS, marts_receipt, datetime.now(UTC)))


@task(outlets=[assets.MARTS])
def group(paired: str, *, outlet_events: Any) -> str:
    """Group similar stories into events."""
    grouped = grouping.group(assets.SETTINGS, paired, datetime.now(UTC))
    return events.announce_marts(outlet_events[assets.MARTS], grouped)


@task(outlets=[assets.WAREHOUSE], pool=assets.WAREHOUSE_POOL, trigger_rule="none_failed")
def publish(*, outlet_events: Any) -> str:
    """Build the warehouse from the lake, unless it is up to date."""
    published = steps.publish(assets.SETTINGS)
    return events.announce_published(outlet_events[assets.WAREHOUSE], published)


@task(trigger_rule="none_failed")
def index() -> str:
    """Bring the search index up to date, even if `publish` had nothing to do."""
    return steps.index(assets.SETTINGS).path


# A landing sends one event per day; all of them start one run, as the lake says what is new.
EVERY_DAY = PartitionedAssetTimetable(
    assets=assets.STORIES, default_partition_mapper=FixedKeyMapper("all days")
)


@dag(schedule=EVERY_DAY, doc_md=__doc__, tags=["analyze"], **assets.DAG_ARGS)
def analyze_stories() -> None:
    """Define the order: choose, analyze, land, pair, group, publish, index."""
    analyzed = spark_tasks.map_batches(assets.SETTINGS, "analyze", choose(), analyze)
    group(pair(land(*analyzed))) >> publish() >> index()


analyze_stories()
