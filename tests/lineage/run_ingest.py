"""
Run `ingest_pages` once in this process, as `airflow dags test` does, on an inbox.

    python run_ingest.py INBOX
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(inbox: str) -> None:
    """Run it, in the Airflow of this environment, which may be new."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    folder = Path(__file__).resolve().parents[2] / "dags"
    sys.path.insert(0, str(folder))
    bag = DagBag(folder / "ingest_pages.py", bundle_path=folder, bundle_name="dags-folder")
    assert not bag.import_errors, bag.import_errors
    dag = bag.dags["ingest_pages"]
    dag.deadline = None  # `test` of Airflow 3.3.2 cannot store one
    run = dag.test(run_conf={"inbox": inbox})
    print("STATE", run.state)


if __name__ == "__main__":
    main(sys.argv[1])
