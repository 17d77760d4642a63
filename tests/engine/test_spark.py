"""A real standalone cluster: the same rows as here, and no item lost to a bad one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from include.config.settings import ROOT, Settings
from include.engine.outcomes import Failed
from include.engine.spark import Spark, open_spark
from include.errors import DiskFull, WorkerLost
from include.lake.delta.tables import open_table
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.orchestration.spark_job import DONE
from include.pipeline import analysis, grouping, maintenance, pairing, recall, resplit, steps
from include.pipeline.analysis_receipts import ChooseReceipt
from include.pipeline.edit import edit_batches
from include.pipeline.maintenance_receipts import CompactReceipt
from include.pipeline.receipt_types import CompareReceipt, IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import CHROME, LAKE_TABLES, PAGES, QUARANTINE, STORIES, Table
from tests import sample
from tests.engine.cluster import Cluster, start_cluster, why_not
from tests.engine.steps import (
    dawdle_once,
    die,
    die_at_three,
    die_once,
    double,
    fill_the_disk,
    refuse_three,
)

pytestmark = [pytest.mark.spark, pytest.mark.skipif(bool(why_not()), reason=why_not())]

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
LATER = NOW.replace(day=3)
SMALL = 8 * 2**10  # so that the sample makes several batches


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with start_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[Spark]:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with open_spark(cluster.url, ROOT) as session:
        yield session


def test_results_come_in_the_order_of_the_items_from_both_workers(spark: Spark) -> None:
    assert spark.map(double, range(20)) == [2 * number for number in range(20)]
    assert spark.map(double, []) == []


def test_an_item_that_a_step_fails_on_is_set_aside_with_its_reason(spark: Spark) -> None:
    assert spark.map(refuse_three, [2, 3, 4]) == [2, Failed(3, "ValueError: three"), 4]


def test_an_error_of_ours_is_raised_here(spark: Spark) -> None:
    with pytest.raises(DiskFull, match="Make room"):
        spark.map(fill_the_disk, [1, 2])


def test_an_item_that_kills_its_worker_each_time_is_set_aside(spark: Spark) -> None:
    two, three, four, five = spark.map(die_at_three, [2, 3, 4, 5])
    assert (two, four, five) == (2, 4, 5)
    assert three.item == 3


def test_if_every_item_kills_its_worker_the_fault_is_not_theirs(spark: Spark) -> None:
    with pytest.raises(WorkerLost, match="None could be done"):
        spark.map(die, [1, 2])


def test_an_item_whose_worker_was_killed_is_worked_again(spark: Spark, tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(4)]
    assert spark.map(die_once, paths) == ["0", "1", "2", "3"]


def test_a_straggler_is_tried_elsewhere(spark: Spark, tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(5)] + [tmp_path / "slow"]
    began = time.monotonic()
    assert spark.map(dawdle_once, paths)[-1] == "second try"
    assert time.monotonic() - began < 100


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Land the sample twice, the second time with a line more on each page: a home."""
    home = tmp_path_factory.mktemp("landed")
    shutil.copytree(sample.INBOX, home / "inbox")
    land(settings_at(home), "first", NOW)
    return home


def settings_at(home: Path, **changes: object) -> Settings:
    fixed = {"home": home, "inbox": home / "inbox", "settle_s": 0.0, "batch_bytes": SMALL}
    return replace(Settings(), **fixed, **changes)


def land(settings: Settings, run_id: str, now: datetime) -> None:
    receipt = steps.intake(settings, run_id, now)
    batches = read_receipt(receipt, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    steps.land(settings, steps.gate(settings, receipt, judged), now)


@pytest.fixture
def homes(
    landed: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Settings]:
    """Two copies of the home: one for each engine."""
    monkeypatch.setattr(recall, "FRAME_BYTES", SMALL)  # a batch holds whole frames
    monkeypatch.setattr("include.lake.reading.recall.ROWS_AT_ONCE", 2)
    for name in ("local", "spark"):
        shutil.copytree(landed, tmp_path / name)
    jobs = {"spark_jobs": "resplit,analyze,tend", "spark_url": cluster.url}
    return {
        "local": settings_at(tmp_path / "local"),
        "spark": settings_at(tmp_path / "spark", **jobs),
    }


def rows(settings: Settings, kind: Table, *but: str) -> pa.Table:
    found = open_table(settings.lake, kind).to_pyarrow_table().drop_columns(list(but))
    keys = [name for name in found.column_names if not pa.types.is_nested(found[name].type)]
    return found.sort_by([(key, "ascending") for key in keys])


def split_again(settings: Settings) -> CompareReceipt:
    receipt = steps.recall(settings, "again", LATER, Choice(), RESPLIT)
    batches = read_receipt(receipt, IntakeReceipt).batches
    assert len(batches) > 1
    gated = steps.gate(settings, receipt, edit_batches(settings, batches))
    compared = resplit.compare(settings, gated)
    assert resplit.settle(settings, compared, resplit.APPROVED, "a test", LATER)
    steps.land(settings, gated, LATER)
    return read_receipt(compared, CompareReceipt)


def test_a_re_split_on_the_cluster_lands_the_rows_of_one_here(homes: dict[str, Settings]) -> None:
    for settings in homes.values():
        split_again(settings)
    for kind in (STORIES, CHROME, QUARANTINE, PAGES):
        assert rows(homes["spark"], kind).equals(rows(homes["local"], kind)), kind.name


def test_a_worker_killed_during_a_re_split_changes_nothing(
    homes: dict[str, Settings], cluster: Cluster
) -> None:
    split_again(homes["local"])
    killer = threading.Thread(target=kill_an_executor, args=(cluster,))
    killer.start()
    split_again(homes["spark"])
    killer.join()
    for kind in (STORIES, CHROME, QUARANTINE):
        assert rows(homes["spark"], kind).equals(rows(homes["local"], kind)), kind.name


def kill_an_executor(cluster: Cluster) -> None:
    """Kill the first executor that works on a batch, with its Python."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for executor in psutil.Process(cluster.workers[0].pid).children(recursive=True):
            if "pyspark" in " ".join(executor.cmdline()):
                executor.parent().send_signal(signal.SIGKILL)
                return
        time.sleep(0.05)


def test_marts_made_on_the_cluster_have_the_rows_of_those_made_here(
    homes: dict[str, Settings],
) -> None:
    for settings in homes.values():
        chosen = analysis.choose(settings, "marts", LATER)
        batches = read_receipt(chosen, ChooseReceipt).batches
        marts = analysis.land(settings, chosen, analysis.analyze_all(settings, batches), LATER)
        grouping.group(settings, pairing.pair(settings, marts, LATER), LATER)
    found = [kind for kind in LAKE_TABLES if kind.name in ("text_pairs", "event_members")]
    assert len(found) == 2
    for kind in found:
        assert rows(homes["local"], kind).num_rows
        assert rows(homes["spark"], kind).equals(rows(homes["local"], kind)), kind.name


def test_a_day_compacted_on_the_cluster_has_the_same_rows_in_fewer_files(
    homes: dict[str, Settings],
) -> None:
    settings = homes["spark"]
    for page in settings.inbox.glob("*.txt"):
        page.write_bytes(page.read_bytes() + b"\n\nOne more line of words.\n")
    land(settings, "second", NOW.replace(hour=8))
    before = {kind: rows(settings, kind) for kind in (STORIES, CHROME, PAGES)}
    receipt = read_receipt(maintenance.compact(settings, "tend", LATER), CompactReceipt)
    assert receipt.left == 0
    assert receipt.files[1] < receipt.files[0]
    assert all(rows(settings, kind).equals(table) for kind, table in before.items())


def test_spark_submit_runs_the_program_that_airflow_submits(
    homes: dict[str, Settings], cluster: Cluster
) -> None:
    import pyspark

    settings = homes["local"]
    receipt = steps.recall(settings, "again", LATER, Choice(), RESPLIT)
    batches = read_receipt(receipt, IntakeReceipt).batches
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    program = ROOT / "include" / "orchestration" / "spark_job.py"
    words = [submit, "--master", cluster.url, program, "resplit", receipt]
    given = {"COPYDESK_HOME": str(settings.home), "PYTHONPATH": str(ROOT)}
    known = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(words, env={**os.environ, **known, **given}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert all(batch.with_suffix(DONE["resplit"]).exists() for batch in batches)


def test_without_pyspark_the_error_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['pyspark'] = None\n"
        "from pathlib import Path\n"
        "from include.engine.spark import open_spark\n"
        "from include.errors import SettingInvalid\n"
        "try:\n    open_spark('', Path()).__enter__()\n"
        "except SettingInvalid as exc:\n    print(exc)\n"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "requirements-spark.txt" in told
