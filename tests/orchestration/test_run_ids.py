"""A run's name is its own among all DAGs."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from include.orchestration import run_ids
from include.orchestration.links import ResplitLink, RunLink
from include.orchestration.run_ids import join_name
from include.pipeline.receipts import run_key

MIDNIGHT = "scheduled__2026-11-22T00:00:00+00:00"  # as two DAGs with a schedule name theirs
DAGS = (
    "analyze_stories",
    "ingest_pages",
    "resplit_history",
    "review_quarantine",
    "tend_lake",
    "watch_desk",
)


def test_runs_of_two_dags_that_airflow_names_alike_have_folders_of_their_own() -> None:
    folders = {run_key(join_name(dag, MIDNIGHT)) for dag in DAGS}
    assert len(folders) == len(DAGS)


def test_a_task_names_the_run_that_it_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    ti = SimpleNamespace(dag_id="tend_lake", run_id=MIDNIGHT)
    monkeypatch.setattr(run_ids, "get_current_context", lambda: {"ti": ti})
    assert run_ids.name_run() == f"tend_lake/{MIDNIGHT}"


def test_a_link_leads_to_the_page_of_the_dags_own_run() -> None:
    key = SimpleNamespace(dag_id="resplit_history", run_id=MIDNIGHT)
    resplit = urlsplit(ResplitLink().get_link(None, ti_key=key))
    assert parse_qs(resplit.query) == {"run": [f"resplit_history/{MIDNIGHT}"]}
    key = SimpleNamespace(dag_id="ingest_pages", run_id=MIDNIGHT)
    run = urlsplit(RunLink().get_link(None, ti_key=key))
    assert parse_qs(run.query) == {"dag": ["ingest_pages"], "run": [MIDNIGHT]}
