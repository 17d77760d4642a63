"""
Find the lake as it was after a run or at a given time, from the logs of its tables.

A run's number is its place among the finished runs, from 1, as in `meta.runs.version`. The state
after a run is the state when its row of `runs` was committed, the last commit of a landing. One
instant serves all tables: commits follow one another under the lake's lock, each dated by its
writer, so a page that is current at an instant has its stories. Where the clock was set back,
commits are dated right after those that they followed (`_order`), so a version stays what it was;
times that occurred twice belong to the first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl

from include.errors import LakeDamaged, LakeLocked, NotFound, PastGone
from include.lake.delta.connect import lake_address, reach
from include.lake.delta.tables import has_table, live_files, open_table
from include.lake.delta.versions import DECISIVE, list_files
from include.model import SMALL_BYTES, LakeVersion, Moment, TableVersion
from include.schema.lake import ANALYSIS_TABLES, ERASURES, INGEST_TABLES, LAKE_TABLES, RUNS, Table
from include.storage.locations import Root

ATTEMPTS = 20  # each loses only to a landing that commits `pages` while the logs are read
ORDER = ["finished_at", "run_id"]  # of runs, by which they are numbered
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = 2**62  # ms
MS = timedelta(milliseconds=1)  # the logs' unit of time


@dataclass(frozen=True)
class Commit:
    """One commit of a table: version, time (ms since 1970, UTC), and its run, if any."""

    version: int
    at_ms: int
    run_id: str | None


@dataclass(frozen=True)
class Logs:
    """The lake's logs as far back as they are kept, newest commit first, and its runs in order."""

    root: Root
    commits: dict[str, tuple[Commit, ...]]
    runs: tuple[str, ...]

    def ended_ms(self) -> dict[int, int]:
        """Return when each run finished, by run number; runs older than the log are left out."""
        ends = {commit.run_id: commit.at_ms for commit in self.commits[RUNS.name]}
        return {n: ends[run_id] for n, run_id in enumerate(self.runs, 1) if run_id in ends}


def find_version(root: Root, number: int) -> Moment:
    """
    Find the version of the lake that its n-th finished run left.

    Raises:
        NotFound: no run has that number.
        PastGone: some of its files or logs have been removed.
    """
    logs = _read_logs(root)
    if not 1 <= number <= len(logs.runs):
        newest = len(logs.runs)
        way_out = f"Versions 1 to {newest} exist." if newest else "Run ingest first."
        raise NotFound("version of the lake", number, way_out)
    at_ms = logs.ended_ms().get(number)
    later = [end for after, end in logs.ended_ms().items() if after > number]
    version = None if at_ms is None else _version_at(logs, at_ms, min(later, default=None))
    if at_ms is None or version is None:
        raise _gone(logs, str(number))
    landed_at = EPOCH + at_ms * MS
    return Moment(number, logs.runs[number - 1], landed_at, landed_at, version)


def find_as_of(root: Root, at: datetime) -> Moment:
    """
    Find the version of the lake at a given time; after the last change, the newest version.

    Raises:
        NotFound: no run had finished by then.
        PastGone: some of its files or logs have been removed.
    """
    logs = _read_logs(root)
    ended = logs.ended_ms()
    at_ms = (at - EPOCH) // MS
    done = [number for number, end in ended.items() if end <= at_ms]
    if not done and len(ended) == len(logs.runs):
        way_out = "Run ingest first."
        if ended:
            way_out = f"The first run finished at {(EPOCH + ended[1] * MS).isoformat()}."
        raise NotFound("lake as of", at.isoformat(), way_out)
    version = _version_at(logs, at_ms) if done else None
    if version is None:
        raise _gone(logs, at.isoformat())
    number = max(done)
    landed_at = EPOCH + ended[number] * MS
    return Moment(number, logs.runs[number - 1], at, landed_at, version)


def _read_logs(root: Root) -> Logs:
    """
    Read all logs as of one instant, with the same retry as `versions.read_version`.

    Raises:
        LakeLocked: runs kept landing throughout.
    """
    for _ in range(ATTEMPTS):
        decisive = {kind.name: _read_log(root, kind) for kind in DECISIVE}
        others = {kind.name: _read_log(root, kind) for kind in LAKE_TABLES if kind not in DECISIVE}
        runs = read_runs(root)
        if all(_is_newest(root, kind, decisive[kind.name]) for kind in DECISIVE):
            return Logs(root, _order({**others, **decisive}, runs), runs)
    raise LakeLocked("lake", str(root), "Runs keep landing one after another; try again.")


def _read_log(root: Root, kind: Table) -> tuple[Commit, ...]:
    if not has_table(root, kind):
        return ()
    with reach(root):
        history = open_table(root, kind).history()
    return tuple(Commit(int(c["version"]), int(c["timestamp"]), c.get("run_id")) for c in history)


def _order(
    commits: Mapping[str, tuple[Commit, ...]], runs: Sequence[str]
) -> dict[str, tuple[Commit, ...]]:
    """
    Date every commit no earlier than those before it: of its table, and of all earlier runs.

    Only a clock that was set back makes a difference. Commits that are no run's (of maintenance)
    follow the one before them in their table.
    """
    places = {run_id: place for place, run_id in enumerate(runs)}
    waiting = {name: deque(reversed(log)) for name, log in commits.items()}
    dated: dict[str, list[Commit]] = {name: [] for name in commits}
    end_ms = 0
    for place in range(len(runs) + 1):
        latest_ms = end_ms
        for name in sorted(commits, key=lambda name: name == RUNS.name):  # a run's last commit
            log = waiting[name]
            while log and places.get(log[0].run_id or "", place) <= place:
                commit, before = log.popleft(), dated[name][-1].at_ms if dated[name] else 0
                at_ms = max(commit.at_ms, before)
                if commit.run_id in places:
                    first_ms = max(latest_ms if name == RUNS.name else 0, end_ms + 1)
                    at_ms = latest_ms = max(at_ms, first_ms)
                dated[name].append(replace(commit, at_ms=at_ms))
        end_ms = latest_ms
    return {name: tuple(reversed(log)) for name, log in dated.items()}


def _is_newest(root: Root, kind: Table, log: Sequence[Commit]) -> bool:
    """Tell whether a table has had no commit since its log was read."""
    return not log or open_table(root, kind).version() == log[0].version


def read_runs(root: Root) -> tuple[str, ...]:
    """Return the ids of the finished runs in order: the n-th left version n of the lake."""
    if not has_table(root, RUNS):
        return ()
    runs = pl.DataFrame(open_table(root, RUNS).to_pyarrow_table(columns=ORDER))
    return tuple(runs.sort(ORDER)["run_id"])


def _version_at(logs: Logs, at_ms: int, next_ms: int | None = 0) -> LakeVersion | None:
    """
    Return each table's newest version at an instant; None if some of it has been removed.

    Args:
        next_ms: when the next run finished (None: none has): marts are made after the run whose
            stories they show, so theirs are the newest versions before that; 0: at the instant.
    """
    marts_ms = NEVER if next_ms is None else max(at_ms, next_ms - 1)
    try:
        tables = {kind.name: _table_at(logs, kind, at_ms) for kind in (*INGEST_TABLES, ERASURES)}
        tables |= {kind.name: _table_at(logs, kind, marts_ms) for kind in ANALYSIS_TABLES}
    except LakeDamaged:
        return None  # the log was cleaned up: Delta keeps it for 30 days
    for kind in LAKE_TABLES:
        needed = set(tables[kind.name].files)
        if needed and needed - {f"{kind.name}/{file.path}" for file in list_files(logs.root, kind)}:
            return None
    return LakeVersion(lake_address(logs.root), tables)


def _table_at(logs: Logs, kind: Table, at_ms: int) -> TableVersion:
    """
    Return a table's newest version at an instant, -1 if it did not exist yet.

    Raises:
        LakeDamaged: the log does not reach back that far.
    """
    log = logs.commits[kind.name]
    if not log or (log[-1].version == 0 and log[-1].at_ms > at_ms):
        return TableVersion(kind.name, -1)
    number = max((commit.version for commit in log if commit.at_ms <= at_ms), default=None)
    if number is None:
        raise LakeDamaged("table", kind.name, "Its log begins later.")
    live = live_files(open_table(logs.root, kind, number))
    files = sorted(f"{kind.name}/{path}" for path in live["path"])
    small = live.filter(pl.col("size_bytes") < SMALL_BYTES).height
    return TableVersion(kind.name, number, tuple(files), int(live["size_bytes"].sum()), small)


def _gone(logs: Logs, asked: str) -> PastGone:
    """Return the error for a version that has been removed; it names the oldest available one."""
    ended = logs.ended_ms()
    oldest = _find_oldest(logs, ended)
    available = "No older version is available"
    if oldest is not None:
        since = (EPOCH + ended[oldest] * MS).isoformat(timespec="seconds")
        available = f"The oldest available is version {oldest}, of {since}"
    way_out = (
        "Files removed from the lake are kept for COPYDESK_RETENTION_DAYS, its logs for 30 days. "
        f"{available}."
    )
    return PastGone("version of the lake", asked, way_out)


def _find_oldest(logs: Logs, ended: dict[int, int]) -> int | None:
    """Return the oldest available run number; files are removed oldest first, so bisect."""
    numbers = sorted(ended)
    low, high = 0, len(numbers)
    while low < high:
        middle = (low + high) // 2
        if _version_at(logs, ended[numbers[middle]]) is None:
            low = middle + 1
        else:
            high = middle
    return numbers[low] if low < len(numbers) else None
