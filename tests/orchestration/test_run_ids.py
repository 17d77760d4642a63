"""A run's name is its own among all DAGs."""

from types import SimpleNamespace

import pytest

from include.orchestration import run_ids
from include.orchestration.links import DataDocsLink, ReportLink
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


@pytest.mark.parametrize(("link", "dag"), [(DataDocsLink(), DAGS[0]), (ReportLink(), DAGS[1])])
def test_a_link_leads_to_the_page_of_the_dags_own_run(link: object, dag: str) -> None:
    path = link.get_link(None, ti_key=SimpleNamespace(dag_id=dag, run_id=MIDNIGHT))  # type: ignore[attr-defined]
    assert path.endswith(f"/{run_key(join_name(dag, MIDNIGHT))}.html")
