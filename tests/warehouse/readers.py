"""Publish a lake as the step does, and read what was published in one short connection."""

from __future__ import annotations

from pathlib import Path

import duckdb

from include.config.settings import Settings
from include.lake.delta.versions import read_version
from include.model import Published
from include.pipeline import steps
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query

MEMORY = "400MB"


def publish_lake(root: Path, target: Path, patience_s: float = 0.0) -> Published:
    return publish_warehouse(lambda: read_version(root), target, MEMORY, patience_s)


def ask(target: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(target), read_only=True) as con:
        return con.execute(sql).fetchall()


def publish_and_ask(settings: Settings, sql: str) -> list[tuple]:
    """Publish the lake of these settings, then ask as a person does."""
    steps.publish(settings)
    return [tuple(row.values()) for row in run_query(settings.warehouse, sql).to_pylist()]


def headlines(target: Path) -> list[str]:
    return [row[0] for row in ask(target, "select headline from stories order by 1")]
