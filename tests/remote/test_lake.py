"""A lake in a real S3: landed, read, tended and published as one in a folder is."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from include.config.settings import Settings
from include.errors import LakeLocked, StoreRefused
from include.lake.delta.connect import reach
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import append_rows, create_tables, delete_rows, open_table
from include.lake.delta.versions import read_version
from include.model import FileTally
from include.pipeline import maintenance, steps
from include.pipeline.maintenance_receipts import LearnReceipt
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import RUNS
from include.storage.locations import LakeStore
from include.warehouse.read import run_query
from tests import sample

pytestmark = pytest.mark.remote

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
ROWS = "select story_id, body, confidence, reasons, quality_flags from stories order by story_id"


@pytest.fixture
def settings(tmp_path: Path, s3) -> Settings:
    inbox = tmp_path / "inbox"
    shutil.copytree(sample.INBOX, inbox)
    home = tmp_path / "home"
    return replace(Settings(), home=home, inbox=inbox, settle_s=0.0, lake_at=s3.at("lake"))


def run_all(settings: Settings, run_id: str) -> FileTally:
    receipt = steps.intake(settings, run_id, NOW)
    batches = read_receipt(receipt, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    if judged:
        steps.land(settings, steps.gate(settings, receipt, judged), NOW)
    steps.publish(settings)
    return read_receipt(receipt, IntakeReceipt).tally


def test_a_lake_in_a_store_holds_the_rows_of_a_local_one(
    settings: Settings, tmp_path: Path
) -> None:
    assert run_all(settings, "first").taken == sample.TAKEN
    version = read_version(settings.lake)
    assert version.root.startswith("s3://desk/")

    again = run_all(settings, "again")
    assert (again.taken, again.skipped) == (0, sample.KNOWN)
    assert read_version(settings.lake).key() == version.key()

    folder = replace(settings, home=tmp_path / "folder", lake_at="")
    run_all(folder, "first")
    found = run_query(settings.warehouse, ROWS)
    assert found.num_rows == sample.LANDED
    assert found.equals(run_query(folder.warehouse, ROWS))
    assert not (settings.home / "lake" / "pages").exists()


def test_a_changed_page_leaves_no_row_of_the_old_one(settings: Settings) -> None:
    run_all(settings, "first")
    page = settings.inbox / "01_three_stories_joined.txt"
    page.write_text(page.read_text().replace("Harbour", "Harbor") + "\nOne more line.\n")
    steps_run = replace(settings)
    later = NOW.replace(hour=7)
    receipt = steps.intake(steps_run, "second", later)
    judged = [steps.judge(steps.split(b)) for b in read_receipt(receipt, IntakeReceipt).batches]
    steps.land(settings, steps.gate(settings, receipt, judged), later)
    steps.publish(settings)
    names = run_query(
        settings.warehouse, "select name, count(*) n from pages group by name having n > 1"
    )
    assert names.num_rows == 0


def test_a_lake_in_a_store_is_compacted_and_vacuumed(settings: Settings) -> None:
    run_all(settings, "first")
    receipt = maintenance.learn(settings, maintenance.gather(settings, "tend"), NOW)
    assert read_receipt(receipt, LearnReceipt).changed


def test_two_landings_of_one_home_wait_for_one_another(settings: Settings) -> None:
    with (
        hold_lake(settings.lake),
        pytest.raises(LakeLocked),
        hold_lake(settings.lake, patience_s=0.0),
    ):
        pass


def test_a_wrong_key_is_named_without_being_shown(s3, tmp_path: Path) -> None:
    options = {"aws_secret_access_key": "not-the-secret"}
    with pytest.raises(StoreRefused) as told:
        read_version(LakeStore(s3.at("lake"), options, tmp_path))
    assert "s3://desk/" in str(told.value)
    assert "credentials" in str(told.value)
    assert s3.key not in repr(told.value)
    assert "not-the-secret" not in repr(told.value)
    assert told.value.__cause__ is None


def rows_of(number: int) -> list[pa.RecordBatch]:
    row = {"run_id": f"run {number}", "ingested_at": NOW, "finished_at": NOW, "seconds": 0.0}
    ints = {f.name: 0 for f in RUNS.schema() if pa.types.is_integer(f.type)}
    texts = {f.name: "x" for f in RUNS.schema() if pa.types.is_string(f.type)}
    return pa.Table.from_pylist([{**ints, **texts, **row}], schema=RUNS.schema()).to_batches()


def test_commits_of_two_machines_at_once_are_all_kept(s3, tmp_path: Path) -> None:
    lake = LakeStore(s3.at("lake"), lock=tmp_path)
    create_tables(lake)
    with ThreadPoolExecutor(4) as machines:
        list(machines.map(lambda n: append_rows(lake, RUNS, rows_of(n), {}), range(12)))
    table = open_table(lake, RUNS)
    assert table.version() == 12
    assert len(set(table.to_pyarrow_table()["run_id"].to_pylist())) == 12


def test_two_machines_that_delete_the_same_rows_get_a_conflict(s3, tmp_path: Path) -> None:
    lake = LakeStore(s3.at("lake"), lock=tmp_path)
    create_tables(lake)
    append_rows(lake, RUNS, rows_of(1), {})
    late = open_table(lake, RUNS)
    delete_rows(lake, RUNS, "run_id = 'run 1'", {})
    with pytest.raises(LakeLocked, match="Another machine"), reach(lake):
        late.delete("run_id = 'run 1'")
