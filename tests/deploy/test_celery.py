"""Two Celery workers, on PostgreSQL and Redis, with the commands of docker-compose.yaml."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from include.config.settings import ROOT
from tests import sample
from tests.deploy.production import BIN, Production, free_port, open_production, why_not

pytestmark = [pytest.mark.celery, pytest.mark.skipif(bool(why_not()), reason=why_not())]

SETTINGS = {
    "COPYDESK_BATCH_BYTES": str(16 * 2**10),  # the sample makes several batches
    "COPYDESK_CLOCK": "0 0 1 1 *",  # the inbox's event starts the run
    "WORKER_CONCURRENCY": "1",
}
OF_RUNS = "select state from dag_run where dag_id = 'ingest_pages'"
WORKERS = "select hostname, count(*) from task_instance where dag_id = 'ingest_pages' group by 1"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with open_production(tmp_path_factory.mktemp("production"), **SETTINGS) as started:
        started.run("airflow-init")
        started.start("api-server")
        started.wait_for(lambda: started.is_healthy("api-server"), "api-server is not healthy")
        for name in ("scheduler", "dag-processor", "triggerer"):
            started.start(name)
        for number in (1, 2):
            # what a container has of its own: a name, and the port of its log server
            own = {
                "AIRFLOW__CORE__HOSTNAME_CALLABLE": f"tests.deploy.hostnames.worker{number}",
                "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            }
            started.start("worker", f"worker{number}", **own)
        yield started


def test_pages_land_once_by_tasks_of_both_workers(production: Production) -> None:
    for page in sample.INBOX.iterdir():
        shutil.copy(page, production.folder / "data" / "inbox")

    def is_done() -> bool:
        states = production.ask(OF_RUNS)
        return bool(states) and all(state == ("success",) for state in states)

    production.wait_for(is_done, "no run has landed")
    sql = "select count(*) as stories, count(distinct story_id) as ids from stories"
    words = [BIN / "python", "-m", "include", "query", "--json", sql]
    environment = production.environment("worker")
    told = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    assert json.loads(told.splitlines()[-1]) == {"stories": sample.LANDED, "ids": sample.LANDED}
    assert {name for name, _ in production.ask(WORKERS)} >= {"worker1", "worker2"}


def test_the_health_checks_of_the_file_pass(production: Production) -> None:
    for name in ("api-server", "dag-processor"):
        assert production.is_healthy(name), name
