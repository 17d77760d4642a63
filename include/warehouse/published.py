"""
Record which lake versions the published file has shown, and until when.

A reader may still have an older file open. Each publication logs the version it is about to replace
in a file beside its target; `forget_shown` drops entries that are too old.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from include.errors import WarehouseHeld
from include.storage.atomic import atomic_write
from include.warehouse.lock import hold_publishing
from include.warehouse.queries import load_query

OFFLINE: dict[str, Any] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def read_snapshot(target: Path) -> tuple[str, str, str, int] | None:
    """
    Read which lake version a published file shows; None if it is not a published file.

    Returns:
        Lake key, projection version, lake root, and build time (microseconds since 1970, UTC).
    """
    if not target.exists():
        return None
    try:
        with duckdb.connect(str(target), read_only=True, config=OFFLINE) as con:
            ((key, projection, root, built_us),) = con.execute(
                load_query("read_snapshot")
            ).fetchall()
            return key, projection, root, built_us
    except (duckdb.Error, ValueError):
        return None  # unreadable, not a warehouse, or open in this process with another config


def note_replaced(target: Path, now: datetime) -> None:
    """Log that the current version was shown until now; the caller holds the publish lock."""
    snapshot = read_snapshot(target)
    if snapshot is not None:
        line = json.dumps({"key": snapshot[0], "until": now.isoformat()})
        with _log_of(target).open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def shown_versions(target: Path, since: datetime) -> dict[str, set[int]] | None:
    """
    Return, by lake table, the versions that the file shows or has shown since a given time.

    None where the file exists but does not record what it shows.
    """
    keys = {key for key, until in _read_log(target) if until >= since}
    snapshot = read_snapshot(target)
    if snapshot is None and target.exists():
        return None
    keys |= {snapshot[0]} if snapshot else set()
    versions: dict[str, set[int]] = {}
    for key in keys:
        for word in key.split():
            table, _, number = word.partition("=")
            if int(number) >= 0:
                versions.setdefault(table, set()).add(int(number))
    return versions


def forget_shown(target: Path, since: datetime) -> None:
    """Drop log entries that ended before `since`; do nothing while another process publishes."""
    log = _log_of(target)
    if not log.exists():
        return
    with suppress(WarehouseHeld), hold_publishing(target):
        kept = [
            json.dumps({"key": key, "until": until.isoformat()}) + "\n"
            for key, until in _read_log(target)
            if until >= since
        ]
        with atomic_write("warehouse", log) as temporary:
            temporary.write_text("".join(kept), encoding="utf-8")


def _read_log(target: Path) -> Iterator[tuple[str, datetime]]:
    log = _log_of(target)
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        with suppress(ValueError, KeyError):  # a truncated line: its writer was killed
            entry = json.loads(line)
            yield entry["key"], datetime.fromisoformat(entry["until"])


def _log_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.shown")
