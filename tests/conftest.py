"""
What every test may rely on: no Airflow's and no setting's variable of the caller's leaks in.

Runs before any test module is imported, and so before any `import airflow`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from include.config.settings import PREFIX, ROOT

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
