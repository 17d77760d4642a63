"""
What lies about in a home that no table, no run and no reader knows.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deltalake import DeltaTable

from include.config.settings import Settings
from include.pipeline import steps
from include.pipeline.maintenance import compact, vacuum
from include.schema.lake import INGEST_TABLES

LOG = "_delta_log"


def tend(home: Path) -> None:
    """Do what the night does to the lake's files, long after the retention."""
    settings = replace(Settings(), home=home)
    now = datetime.now(UTC) + timedelta(days=settings.retention_days + 1)
    compact(settings, "tend", now)
    vacuum(settings, "tend", now)
    steps.publish(settings)


def orphans_of(lake: Path) -> list[str]:
    """Give the files of the lake that no log names, whether as there or as removed."""
    found = []
    for kind in INGEST_TABLES:
        folder = lake / kind.name
        named = {
            action["path"].replace("%3D", "=")
            for commit in (folder / LOG).glob("*.json")
            for line in commit.read_text().splitlines()
            for verb, action in json.loads(line).items()
            if verb in ("add", "remove")
        }
        there = (path for path in folder.rglob("*") if path.is_file())
        found += [
            str(path.relative_to(lake))
            for path in there
            if LOG not in path.parts and str(path.relative_to(folder)) not in named
        ]
        found += [str(p) for p in (folder / LOG).iterdir() if p.name.startswith((".", "_commit"))]
    return sorted(found)


def missing_of(lake: Path) -> list[str]:
    """Give the files that a table needs and that are not there."""
    paths = (
        lake / kind.name / path
        for kind in INGEST_TABLES
        for path in DeltaTable(str(lake / kind.name)).get_add_actions()["path"].to_pylist()
    )
    return sorted(str(path) for path in paths if not path.exists())


def leftovers_of(home: Path) -> list[str]:
    """Give what dead runs left outside the tables: frames, files half written, files aside."""
    receipts = (*home.glob("receipts/*/*.arrow"), *home.glob("receipts/*/.*"))
    aside = (p for p in home.iterdir() if p.name.startswith(".") or p.name.endswith(".wal"))
    kept = {".warehouse.duckdb.lock", ".warehouse.duckdb.shown"}
    return sorted(str(p.relative_to(home)) for p in (*receipts, *aside) if p.name not in kept)
