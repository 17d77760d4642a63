"""Several machines land in one lake of an object store: one at a time, and nothing twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config.settings import ROOT, Settings
from include.errors import LakeLocked
from include.lake.delta import lease, tables
from include.lake.delta.lock import ANALYSIS, hold_lake
from include.lake.delta.tables import append_rows, create_tables, open_table
from include.lake.landing.recover import read_recovered
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import INGEST_TABLES, LAKE_TABLES, PAGES, RUNS, STORIES, Table
from include.storage.locations import LakeStore
from tests import sample
from tests.remote.test_lake import rows_of

pytestmark = pytest.mark.remote

LEASE_S = 2.0
PATIENCE_S = 60.0


@dataclass
class Machine:
    """A process that lands one run; `said` are its lines so far."""

    process: subprocess.Popen[str]
    said: list[str]

    def wait_for(self, line: str) -> None:
        for told in self.process.stdout:
            self.said.append(told.strip())
            if told.startswith(line):
                return
        raise AssertionError(f"it ended before it said {line!r}: {self.said}")

    def wait_until_stopped(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while "\nState:\tT" not in Path(f"/proc/{self.process.pid}/status").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def end(self) -> str:
        """Return the last line when it has ended."""
        rest, _ = self.process.communicate(timeout=PATIENCE_S)
        self.said += rest.split("\n")
        return [line for line in self.said if line][-1]


@dataclass(frozen=True)
class Cluster:
    lake: LakeStore
    start: Callable[..., Machine]

    def ids(self, kind: Table = STORIES, column: str = "story_id") -> list[str]:
        return sorted(open_table(self.lake, kind).to_pyarrow_table()[column].to_pylist())


@pytest.fixture(scope="session")
def gated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Judge two runs, each by a machine that knows nothing of the other: gate receipts by run."""
    folder = tmp_path_factory.mktemp("judged")
    return {run: judge_sample(folder, run, hour) for run, hour in (("first", 6), ("second", 7))}


def judge_sample(folder: Path, run_id: str, hour: int) -> Path:
    settings = replace(Settings(), home=folder / run_id, inbox=sample.INBOX, settle_s=0.0)
    receipt = steps.intake(settings, run_id, datetime(2026, 3, 1, hour, tzinfo=UTC))
    batches = read_receipt(receipt, IntakeReceipt).batches
    return steps.gate(settings, receipt, [steps.judge(steps.split(batch)) for batch in batches])


@pytest.fixture
def cluster(
    s3, tmp_path: Path, gated: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cluster]:
    folder = re.sub(r"[\[\]]", "_", s3.folder)  # Delta panics at brackets in a URL
    lake_at = f"s3://{folder}/lake"
    for name, seconds in (("LEASE_S", LEASE_S), ("BEAT_S", LEASE_S / 6), ("POLL_S", 0.1)):
        monkeypatch.setattr(lease, name, seconds)
    begun: list[Machine] = []

    def start(run_id: str, stop_at: str = "", lease_s: float = LEASE_S) -> Machine:
        command = [sys.executable, "-m", "tests.remote.land_there"]
        words = [lake_at, str(gated[run_id]), stop_at, str(lease_s)]
        environment = {**os.environ, **s3.environment, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [*command, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        begun.append(Machine(process, []))
        return begun[-1]

    yield Cluster(LakeStore(lake_at, lock=tmp_path), start)
    for machine in begun:
        machine.process.kill()
        machine.process.communicate()


def test_of_machines_that_land_the_same_pages_one_lands_each_story(cluster: Cluster) -> None:
    machines = [cluster.start(run, lease_s=30.0) for run in ("first", "second")]
    assert sorted(machine.end() for machine in machines) == ["landed 0", f"landed {sample.LANDED}"]
    stories = cluster.ids()
    assert len(stories) == len(set(stories)) == sample.LANDED
    assert cluster.ids(RUNS, "run_id") == ["first", "second"]


def test_the_next_machine_takes_over_from_one_that_died(cluster: Cluster) -> None:
    killed = cluster.start("first", stop_at="chrome")
    killed.wait_for("chrome")
    killed.wait_until_stopped()
    killed.process.kill()
    assert cluster.start("second").end() == f"landed {sample.LANDED}"
    assert len(cluster.ids()) == len(set(cluster.ids())) == sample.LANDED
    assert cluster.ids(RUNS, "run_id") == ["second"]


@pytest.mark.parametrize("point", ["stories", "pages"])
def test_a_machine_that_wakes_after_its_lease_commits_nothing(cluster: Cluster, point: str) -> None:
    paused = cluster.start("first", stop_at=point)
    paused.wait_for(point)
    paused.wait_until_stopped()
    cluster.start("second").end()
    before = {kind.name: open_table(cluster.lake, kind).version() for kind in INGEST_TABLES}
    rows = cluster.ids(), cluster.ids(PAGES, "delivery_id"), cluster.ids(RUNS, "run_id")

    paused.process.send_signal(signal.SIGCONT)
    last = paused.end()
    assert last.startswith("LakeLocked")
    assert "Try again" in last
    assert rows == (cluster.ids(), cluster.ids(PAGES, "delivery_id"), cluster.ids(RUNS, "run_id"))
    after = {kind.name: open_table(cluster.lake, kind).version() for kind in INGEST_TABLES}
    assert after == before
    assert len(rows[0]) == len(set(rows[0])) == sample.LANDED
    assert cluster.start("first").end().startswith("landed")
    assert cluster.ids() == rows[0]


def test_a_commit_that_began_before_the_fence_conflicts(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_tables(cluster.lake)
    with hold_lake(cluster.lake):
        opened = open_table(cluster.lake, RUNS)
        steal(cluster.lake)
        with pytest.raises(LakeLocked, match="took its lease"):
            append_rows(cluster.lake, RUNS, rows_of(1), {})
        monkeypatch.setattr(tables, "open_to_write", lambda root, kind: opened)
        with pytest.raises(LakeLocked, match="Another machine"):
            append_rows(cluster.lake, RUNS, rows_of(1), {})
    assert cluster.ids(RUNS, "run_id") == []


def steal(lake: LakeStore, name: str = lease.WRITERS) -> None:
    """Take over a lease that this process holds but no longer confirms, as another machine does."""
    own = lease._held.pop((lake.url, name))
    own._ended.set()
    with hold_lake(replace(lake, lock=lake.lock / "elsewhere"), name=name):
        pass
    lease._held[lake.url, name] = own


def test_a_lease_that_is_held_is_refused_and_names_the_holder(cluster: Cluster) -> None:
    create_tables(cluster.lake)
    holder = cluster.start("first", stop_at="stories")
    holder.wait_for("stories")
    with pytest.raises(LakeLocked) as told, hold_lake(cluster.lake, patience_s=0.0):
        pass
    assert f"process {holder.process.pid} on " in str(told.value)


def test_a_reader_does_not_wait_for_a_lease(cluster: Cluster) -> None:
    holder = cluster.start("first", stop_at="stories")
    holder.wait_for("stories")
    assert read_recovered(cluster.lake).tables["stories"].version == 1


def test_an_analysis_that_lost_its_lease_lands_nothing_more(cluster: Cluster) -> None:
    create_tables(cluster.lake)
    with hold_lake(cluster.lake, name=ANALYSIS):
        steal(cluster.lake, ANALYSIS)
        with pytest.raises(LakeLocked, match="took its lease"), hold_lake(cluster.lake):
            pass


def test_a_released_lease_is_taken_at_once_and_fences_nothing(cluster: Cluster) -> None:
    create_tables(cluster.lake, LAKE_TABLES)
    before = [open_table(cluster.lake, kind).version() for kind in LAKE_TABLES]
    for _ in range(12):  # beyond a checkpoint
        with hold_lake(cluster.lake, patience_s=0.0):
            pass
    assert [open_table(cluster.lake, kind).version() for kind in LAKE_TABLES] == before
