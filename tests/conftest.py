"""
What every test may rely on: no Airflow's and no setting's variable of the caller's leaks in.

Runs before any test module is imported, and so before any `import airflow`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from include.config.settings import PREFIX, ROOT

hypothesis_settings.register_profile(
    "untimed", deadline=None
)  # no test is timed: machines are busy
hypothesis_settings.load_profile("untimed")
# Two processes test on two cores: threads that wait for one another cost a seventh more CPU time.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
for name in [name for name in os.environ if name.startswith(("AIRFLOW", PREFIX))]:
    del os.environ[name]
# Airflow writes a config file into its home as soon as it is imported; never the user's ~/airflow.
HOME = Path(tempfile.mkdtemp(prefix="copydesk-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ.update(
    AIRFLOW_HOME=str(HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{HOME}/airflow.db",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AIRFLOW__API_AUTH__JWT_SECRET="x" * 64,
    GX_ANALYTICS_ENABLED="false",
    PYTHONPATH=str(ROOT),
)

# Folders and files whose tests take seconds each: `make test` runs them, `make check` does not.
RUNS = (
    "airflow/test_dags.py", "docs/", "faults/", "lake/landing/", "lake/ledger/test_index.py",
    "lake/maintenance/", "lake/marts/", "lake/revisions/",
    "pipeline/", "quality/test_judge.py", "quality/suites/",
    "splitter/chrome_book/", "splitter/test_", "telemetry/", "terminal/", "warehouse/",
)  # fmt: skip

# Tests whose subject is not judging: their stories are judged without Great Expectations, which is
# slow to start. What runs in a process of its own (terminal, DAGs) is judged with it all the same.
PLAIN = ("docs/", "intake/", "lake/", "orchestration/", "pipeline/", "terminal/", "warehouse/")
JUDGED = ("pipeline/test_gate.py", "pipeline/test_judge.py", "pipeline/test_steps.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make check` leaves to `make test`."""
    for item in items:
        place = item.path.relative_to(ROOT / "tests").as_posix()
        if place.startswith(RUNS):
            item.add_marker(pytest.mark.runs)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose how the test's stories are judged, before any fixture lands some."""
    from include.quality import judge, judge_pages
    from include.quality.checks.great_expectations import examine_checks
    from include.quality.gate import gate
    from tests.quality.plain_checks import examine_plainly

    place = item.path.relative_to(ROOT / "tests").as_posix()
    is_plain = place.startswith(PLAIN) and not place.startswith(JUDGED)
    for module in (gate, judge, judge_pages):
        module.examine_checks = examine_plainly if is_plain else examine_checks
