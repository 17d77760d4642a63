"""A lake that an older Copydesk wrote is read as it is, and brought up by the next landing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake

from include.config.settings import Settings
from include.lake.copying import check_copy, copy_lake
from include.lake.delta.tables import has_table
from include.pipeline import steps
from include.schema.lake import ERASURES, INGEST_TABLES, PAGES
from include.warehouse.read import landed_stories, run_query
from tests.pipeline.pages import DAWN, GOOD, ingest

# What may be missing: columns came later only as nullable ones. `reason`, `raw` and the like were
# always there, and leaving them out as well makes the oldest lake that there can have been.
KEPT = {"pages": {"raw", "revises_page_id", "reason"}}


def make_older(lake: Path) -> dict[str, list[str]]:
    """Write every table anew without its nullable columns; give the columns that are missing."""
    missing = {}
    for kind in INGEST_TABLES:
        if not has_table(lake, kind):
            continue
        folder = lake / kind.name
        rows = DeltaTable(str(folder)).to_pyarrow_table()
        late = [c.name for c in kind.columns if c.nullable]
        late = [name for name in late if name not in KEPT.get(kind.name, set())]
        shutil.rmtree(folder)
        partition = [kind.partition] if kind.partition else None
        write_deltalake(
            str(folder), rows.select([n for n in rows.column_names if n not in late]),
            partition_by=partition,
        )  # fmt: skip
        missing[kind.name] = late
    return missing


@pytest.fixture
def older(settings: Settings, tmp_path: Path) -> tuple[Settings, dict[str, list[str]]]:
    inbox = tmp_path / "inbox"
    shutil.copytree(settings.inbox, inbox)
    shutil.rmtree(settings.home / "index", ignore_errors=True)
    return replace(settings, inbox=inbox), make_older(settings.lake)


def columns_of(settings: Settings, table: str) -> set[str]:
    fields = DeltaTable(str(settings.lake / table)).schema().fields
    return {field.name for field in fields}


def test_it_is_published_as_it_is(older) -> None:
    settings, missing = older
    assert missing["runs"]
    steps.publish(settings)
    assert len(landed_stories(settings.warehouse)) == 2
    (row,) = run_query(settings.warehouse, "select kind, book_version from meta.runs").to_pylist()
    assert row == {"kind": None, "book_version": None}


def test_the_next_landing_brings_it_up_and_keeps_its_rows(older) -> None:
    settings, missing = older
    (settings.inbox / "c.txt").write_text(GOOD.replace("boat", "raft"), encoding="utf-8")
    ingest(settings, "later", DAWN.replace(hour=9))
    for table, names in missing.items():
        assert set(names) <= columns_of(settings, table), table
    steps.publish(settings)
    rows = run_query(settings.warehouse, "select source_name, run_id from stories").to_pylist()
    stories = {(row["source_name"], row["run_id"]) for row in rows}
    assert {name for name, run_id in stories if run_id == "later"} == {"c.txt"} | {
        name for name, _ in stories if name in ("a.txt", "b.txt") and _ == "later"
    }
    assert {name for name, _ in stories} == {"a.txt", "b.txt", "c.txt"}


def test_it_is_backed_up_and_a_table_of_today_may_be_missing(older, tmp_path) -> None:
    settings, _ = older
    assert not has_table(settings.lake, ERASURES)
    tables = copy_lake(settings.lake, tmp_path / "copy" / "lake")
    check_copy(tmp_path / "copy" / "lake", tables)
    assert PAGES.name in {table.table for table in tables}
