"""
The params that a person gives a run. Airflow takes any names; one that we do not know is a typo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from airflow.sdk import Param

from include.errors import UsageWrong

INGEST = {
    "inbox": Param(
        None,
        type=["null", "string"],
        description="folder or URL; empty: the settings' inboxes",
    ),
    "open_gate": Param(
        [], type=["null", "array"], description="gate rules that may be broken, one a line"
    ),
}
RESPLIT = {
    "days": Param(
        None,
        type=["null", "string", "array"],
        description="2026-01-31, 2026-01-01..2026-01-31, several, or all; empty: the run's own day",
    ),
    "outlets": Param(
        [],
        type=["null", "array"],
        description="only of these outlets, one a line; empty: all",
    ),
    "only_older": Param(True, type="boolean", description="only pages another splitter split"),
    "dry_run": Param(False, type="boolean", description="tell what would change, and end"),
}


def check_params(params: Mapping[str, Any], known: Collection[str]) -> None:
    """
    Refuse params that the run would not look at.

    Raises:
        UsageWrong: there are some.
    """
    unknown = sorted(set(params) - set(known))
    if unknown:
        raise UsageWrong("param", unknown[0], f"Params are {', '.join(sorted(known))}.")
