"""The DAGs as Airflow reads them, without a process of Airflow's."""

import ast
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import ROOT, Settings
from include.errors import LakeLocked, Permanent, Transient
from include.orchestration.dag_docs import BEGIN, PAGE, render_dags

DAG_FILES = [path for path in sorted((ROOT / "dags").glob("*.py")) if path.name != "assets.py"]
HEAVY = {"duckdb", "polars", "great_expectations", "deltalake", "pandas"}
MODULES_AFTER_PARSE = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
print(json.dumps([name for name in sys.modules if "." not in name]))
"""


@pytest.fixture(scope="module")
def dags() -> Iterator[dict[str, Any]]:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    folder = ROOT / "dags"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))  # as Airflow's own processes have it
        bag = DagBag(folder, bundle_path=folder, bundle_name="dags-folder")
        assert not bag.import_errors
        yield dict(bag.dags)


def test_every_dag_file_gives_a_dag_of_its_name(dags: dict[str, Any]) -> None:
    assert sorted(dags) == [path.stem for path in DAG_FILES]


def test_every_dag_has_docs_tags_and_alerts(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert "**When a task fails.**" in dag.doc_md
        assert dag.tags
        assert dag.deadline
        assert dag.dagrun_timeout
        assert dag.max_active_runs == 1


def test_every_task_has_an_owner_retries_a_timeout_and_a_callback(dags: dict[str, Any]) -> None:
    for task in [task for dag in dags.values() for task in dag.tasks]:
        assert task.owner == "copydesk"
        assert task.retries > 0
        assert task.retry_policy is not None
        waits = getattr(task, "response_timeout", None)  # a person is given time, a machine less
        assert (waits or task.execution_timeout) > timedelta(0)
        assert task.on_failure_callback
        assert task.doc_md


def test_mapped_tasks_have_names_a_person_can_read(dags: dict[str, Any]) -> None:
    from airflow.sdk.definitions.taskgroup import MappedTaskGroup

    for dag in dags.values():
        for task in dag.tasks:
            if isinstance(task.task_group, MappedTaskGroup):
                assert task.map_index_template


def test_the_steps_stand_in_the_order_of_the_design(dags: dict[str, Any]) -> None:
    tasks = dags["ingest_pages"].task_dict
    order = ["take", "edit.split", "edit.judge", "gate", "land", "publish", "check_inboxes"]
    assert sorted(tasks) == sorted(order)
    for before, after in itertools.pairwise(order):
        assert after in tasks[before].downstream_task_ids


def test_assets_have_uris_that_lineage_understands(dags: dict[str, Any]) -> None:
    tasks = dags["ingest_pages"].task_dict
    for name, task_id in (("stories", "land"), ("warehouse", "publish")):
        (asset,) = tasks[task_id].outlets
        assert asset.name == name
        assert asset.uri.startswith("file:///")


def test_one_publisher_at_a_time(dags: dict[str, Any]) -> None:
    from include.standalone.prepare import POOL

    for dag in dags.values():
        for task in dag.tasks:
            assert (task.pool == POOL) is (task.task_id.split(".")[-1] == "publish")


def test_a_review_asks_case_by_case_and_no_answer_changes_nothing(dags: dict[str, Any]) -> None:
    tasks = dags["review_quarantine"].task_dict
    steps = ("ask", "ask_again", "ask_once_more", "decide", "edit", "land", "publish")
    order = ["gather", *(f"review.{step}" for step in steps)]
    assert sorted(tasks) == sorted(order)
    for before, after in itertools.pairwise(order):
        assert after in tasks[before].downstream_task_ids
    ask = tasks["review.ask"]
    assert ask.defaults == ["Leave"]
    assert ask.response_timeout == timedelta(seconds=Settings().review_s)
    assert not {"subject", "body"} & set(ask.template_fields), "their text is not ours"


def test_a_resplit_lands_only_what_a_person_was_asked_about(dags: dict[str, Any]) -> None:
    dag = dags["resplit_history"]
    order = ["recall", "edit.split", "edit.judge", "compare", "approve", "land", "publish"]
    assert sorted(dag.task_dict) == sorted(order)
    for before, after in itertools.pairwise(order):
        assert after in dag.task_dict[before].downstream_task_ids
    approve = dag.task_dict["approve"]
    assert approve.defaults == ["Refuse"]
    assert approve.response_timeout == timedelta(seconds=Settings().review_s)
    assert not {"subject", "body"} & set(approve.template_fields), "their text is not ours"


def test_a_resplit_can_be_backfilled_and_asks_for_older_pages_only(dags: dict[str, Any]) -> None:
    dag = dags["resplit_history"]
    assert dag.timetable.can_be_scheduled
    assert dag.catchup is False
    params = {name: dag.params[name] for name in dag.params}
    assert params == {"days": None, "outlets": [], "only_older": True, "dry_run": False}


def test_tending_learns_before_it_publishes_and_sends_the_book_s_event(
    dags: dict[str, Any],
) -> None:
    tasks = dags["tend_lake"].task_dict
    order = ["compact", "gather", "learn", "vacuum", "publish"]
    assert sorted(tasks) == sorted(order)
    for before, after in itertools.pairwise(order):
        assert after in tasks[before].downstream_task_ids
    (asset,) = tasks["learn"].outlets
    assert asset.name == "chrome_book"
    assert asset.uri.startswith("file:///")
    for after in ("vacuum", "publish"):
        assert tasks[after].trigger_rule == "none_failed", "an unchanged book skips `learn`"


def test_an_analysis_is_woken_by_landed_stories_and_keeps_the_order(dags: dict[str, Any]) -> None:
    dag = dags["analyze_stories"]
    order = ["choose", "analyze", "land", "pair", "group", "publish", "index"]
    assert sorted(dag.task_dict) == sorted(order)
    for before, after in itertools.pairwise(order):
        assert after in dag.task_dict[before].downstream_task_ids
    (stories,) = dag.task_dict["choose"].inlets
    (asset,) = dag.task_dict["group"].outlets
    assert (stories.name, asset.name) == ("stories", "marts")
    assert dag.timetable.asset_condition == stories
    days = ("2026-01-31", "2026-02-01")
    mapper = dag.timetable.default_partition_mapper
    assert len({mapper.to_downstream(day) for day in days}) == 1, "one run for all days"


def test_the_tending_dag_runs_at_night_and_is_not_paused(dags: dict[str, Any]) -> None:
    dag = dags["tend_lake"]
    assert dag.schedule.expression == Settings().night
    assert dag.is_paused_upon_creation is False
    assert dag.catchup is False


def test_a_dag_is_serialised_the_same_twice(dags: dict[str, Any]) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in dags.values():
        first, second = (json.dumps(DagSerialization.to_dict(dag), default=str) for _ in "12")
        assert first == second


def test_transient_errors_are_tried_again_and_permanent_ones_are_not(dags: dict[str, Any]) -> None:
    from airflow.sdk import RetryAction

    policy = dags["ingest_pages"].task_dict["land"].retry_policy
    actions = {
        error: policy.evaluate(error("thing", "value", "Way out."), 1, 3).action
        for error in (Transient, LakeLocked, Permanent)
    }
    assert actions == {
        Transient: RetryAction.RETRY,
        LakeLocked: RetryAction.RETRY,
        Permanent: RetryAction.FAIL,
    }
    assert policy.evaluate(ValueError("x"), 1, 3).action is RetryAction.DEFAULT


@pytest.mark.parametrize("path", DAG_FILES, ids=lambda path: path.stem)
def test_parsing_a_dag_imports_nothing_heavy(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MODULES_AFTER_PARSE, str(path.parent), path.stem],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not HEAVY & set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("path", DAG_FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_a_table_of_contents(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    banned = (ast.For, ast.While, ast.Try, ast.If)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, banned)]


def test_the_docs_are_those_of_the_dags() -> None:
    """If this fails, run `make docs`."""
    _, mark, generated = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    assert mark
    assert generated.strip() == render_dags(ROOT / "dags").strip()


def test_tasks_link_to_the_desk_also_when_airflow_has_stored_the_dag(
    dags: dict[str, Any],
) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    stored = DagSerialization.from_dict(DagSerialization.to_dict(dags["ingest_pages"]))
    for task in ("gate", "land"):
        links = stored.get_task(task).operator_extra_links
        assert [link.name for link in links] == ["Story Desk"]
    stored = DagSerialization.from_dict(DagSerialization.to_dict(dags["resplit_history"]))
    links = stored.get_task("compare").operator_extra_links
    assert [link.name for link in links] == ["Story Desk"]


def test_the_gate_is_opened_by_a_param_that_is_empty_by_default(dags: dict[str, Any]) -> None:
    assert dags["ingest_pages"].params["open_gate"] == []
