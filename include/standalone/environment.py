"""
The environment of the embedded Airflow: SQLite, LocalExecutor, one machine.

Figures: two cores, Airflow 3.3.2. Production sets its own environment in docker-compose.yaml.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from urllib.parse import quote

from include.config.settings import PREFIX, ROOT, Settings, variable_of

HOST = "127.0.0.1"  # Airflow's default, 0.0.0.0, would expose an admin's login to the whole network
SECRET_NAMES = ("jwt", "cookie", "fernet")

# Imported once, by the server that forks the workers: Great Expectations alone takes 3 to 7 s in
# a fresh process and 0.03 s in a forked one.
PRELOADED = (
    "airflow.executors.local_executor,airflow.sdk.execution_time.supervisor,"
    "airflow.sdk.execution_time.task_runner,great_expectations,deltalake,duckdb,polars,pyarrow"
)
# Task logs stay at INFO; only the components' console output is reduced.
QUIET = (
    "airflow.dag_processing=WARNING airflow.jobs=WARNING airflow.executors=WARNING "
    "airflow.serialization=WARNING airflow.models=WARNING airflow.api_fastapi=WARNING "
    "airflow.assets=WARNING http.access=WARNING supervisor=WARNING airflow.sdk.api.client=ERROR"
)

# Variables that a person may override; those in `_fixed` may not be.
DEFAULTS = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    # 4 workers hold 1.1 to 1.3 GB in all; the default of 32 holds 1.6 GB and runs no faster.
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__CORE__MP_FORKSERVER_PRELOAD": PRELOADED,
    "AIRFLOW__SCHEDULER__MP_START_METHOD": "forkserver",
    # A finished task often holds its slot for one heartbeat: 200 mapped tasks took 143 s at the
    # default of 5 s, 63 s at 1 s. The outage survived is the same: 20 beats.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "20",
    # A task whose Airflow was killed blocks the only active run until this check.
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",  # default 300 s
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",  # default 300 s: a new DAG file shows late
    "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
    "AIRFLOW__LOGGING__NAMESPACE_LEVELS": QUIET,
    "GX_ANALYTICS_ENABLED": "false",
    "SCARF_ANALYTICS": "false",
    "DO_NOT_TRACK": "1",
    "PYTHONWARNINGS": "ignore",
}


def airflow_home(settings: Settings) -> Path:
    """Return the folder of the embedded Airflow: its database, logs, login and pid file."""
    return settings.home / "airflow"


def airflow_environment(
    settings: Settings, port: int, environ: Mapping[str, str]
) -> dict[str, str]:
    """
    Return the whole environment of every Airflow process.

    A person's own `AIRFLOW__…` variables override `DEFAULTS`, but not paths, host and port:
    an AIRFLOW_HOME left over from another project must not receive these runs.
    """
    kept = {name: text for name, text in environ.items() if not _is_foreign(name)}
    return {
        **DEFAULTS,
        **kept,
        **_fixed(airflow_home(settings), port),
        **settings_environment(settings),
    }


def settings_environment(settings: Settings) -> dict[str, str]:
    """Return the settings as the variables that `read_settings` reads."""
    return {variable_of(f): str(getattr(settings, f.name)) for f in fields(settings)}


def read_secrets(home: Path) -> dict[str, str]:
    """Return the embedded Airflow's secrets; created once, so that a login survives a restart."""
    path = home / "secrets.json"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_urlsafe(64) for name in SECRET_NAMES}
        made["fernet"] = secrets.token_urlsafe(32)[:43] + "="
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(made, out)
    stored: dict[str, str] = json.loads(path.read_text())
    return stored


def _is_foreign(name: str) -> bool:
    """Return whether a variable belongs to another Airflow, or would slow this one down."""
    # PYTHONDONTWRITEBYTECODE doubles every start: importing Airflow 4.5 instead of 2.1 CPU s.
    if name in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "AIRFLOW_CONFIG"):
        return True
    if name.startswith(PREFIX):
        return True
    return name.startswith("AIRFLOW") and not name.startswith("AIRFLOW__")


def _fixed(home: Path, port: int) -> dict[str, str]:
    secret = read_secrets(home)
    base = f"http://{HOST}:{port}"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # With SQLite's default of 5 s, 10,000 mapped tasks raised "database is locked" and killed
        # dag-processor and triggerer; with 60 s no lock error was seen.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{quote(str(home))}/airflow.db?timeout=60",
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__CORE__FERNET_KEY": secret["fernet"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": base,
        "AIRFLOW__API__SECRET_KEY": secret["cookie"],
        "AIRFLOW__API_AUTH__JWT_SECRET": secret["jwt"],
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        # Airflow sets these modes whatever the umask; its own let everybody read.
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
