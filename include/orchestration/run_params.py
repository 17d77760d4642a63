"""
The params of a run. Airflow accepts any name, so an unknown one, probably a typo, is refused here.
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
        [], type=["null", "array"], description="gate rules that may be broken, one per line"
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
        description="only of these outlets, one per line; empty: all",
    ),
    "only_older": Param(True, type="boolean", description="only pages another splitter split"),
    "dry_run": Param(False, type="boolean", description="report what would change, then stop"),
}


def check_params(params: Mapping[str, Any], allowed: Collection[str]) -> None:
    """
    Refuse params that the run would ignore.

    Raises:
        UsageWrong: a param is unknown.
    """
    unknown = sorted(set(params) - set(allowed))
    if unknown:
        raise UsageWrong("param", unknown[0], f"Params are {', '.join(sorted(allowed))}.")
