"""
Publish a lake version: build a new `warehouse.duckdb` beside the old one, then swap it in.

Readers keep the file they opened, and never wait for a lock or see half a version. The file is
read-only (0444) and has no write-ahead log; it can be deleted and rebuilt at any time. While a
process has the old file open for writing, the new one stays staged for the next run to swap in.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from include.errors import LakeDamaged
from include.model import LakeVersion, Published
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root, Store, open_filesystem
from include.warehouse.lock import PATIENCE_S, find_writer, hold_publishing, refuse_writer
from include.warehouse.projection import build_projection, projection_version
from include.warehouse.published import OFFLINE, note_replaced, read_snapshot
from include.warehouse.queries import quote_text

STORAGE = "v1.4.0"  # older formats silently replay a stray log into the new file


def publish_warehouse(
    read_version: Callable[[], LakeVersion],
    target: Path,
    memory_limit: str,
    patience_s: float = PATIENCE_S,
    lake: Root | None = None,
) -> Published:
    """
    Project a lake version into `target`; do nothing if it already shows that version.

    Args:
        read_version: called while the lock is held; otherwise an older version could replace a
            newer one.
        patience_s: how long to wait for another publisher, and then for a writer (s).
        lake: its root, if in an object store: DuckDB reads it through Arrow, without extensions.
    Raises:
        WarehouseHeld: another process is publishing, or has the file open for writing. The lake and
        the file are unchanged; publishing again swaps the new version in.
    """
    began = time.monotonic()
    with hold_publishing(target, patience_s):
        version = read_version()
        _clear_away(_aside(target))
        held = find_writer(target) is not None
        if not held:
            _move_log_aside(target)
        staged = target.with_name(f".{target.name}.staged")
        changed = held or not _holds(target, version)
        if changed:
            if not _holds(staged, version):
                os.replace(_build_aside(version, target, memory_limit, lake), staged)
            refuse_writer(target, patience_s)
            note_replaced(target, datetime.now(UTC))
            os.replace(staged, target)
            _move_log_aside(target)
            _sync(target.parent)
        staged.unlink(missing_ok=True)
    return Published(str(target), version.key(), changed, time.monotonic() - began)


def _holds(file: Path, version: LakeVersion) -> bool:
    """
    Tell whether the file was built from this version and these views, and not modified since.

    False for a file that cannot be read.
    """
    if not file.exists():
        return False
    written_us = file.stat().st_mtime_ns // 1000
    expected = (version.key(), projection_version(), version.root, written_us)
    return read_snapshot(file) == expected


def _aside(target: Path) -> Path:
    """Return the path at which the new file is built."""
    return target.with_name(f".{target.name}.building")


def _clear_away(aside: Path) -> None:
    """Remove what a killed publisher left behind: the half-built file, its log and its spill."""
    aside.unlink(missing_ok=True)
    aside.with_name(f"{aside.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(aside.with_name(f"{aside.name}.tmp"), ignore_errors=True)


def _build_aside(version: LakeVersion, target: Path, memory_limit: str, lake: Root | None) -> Path:
    """Build the file beside its target, synced to disk, with mtime set to the build time."""
    aside, built_at = _aside(target), datetime.now(UTC)
    log, spill = aside.with_name(f"{aside.name}.wal"), aside.with_name(f"{aside.name}.tmp")
    config = {**OFFLINE, "memory_limit": memory_limit, "temp_directory": str(spill)}
    with duckdb.connect(":memory:", config=config) as con:
        if isinstance(lake, Store):
            con.register_filesystem(open_filesystem(lake))
        path = quote_text(str(aside))
        con.execute(f"attach {path} as warehouse (storage_version {quote_text(STORAGE)})")
        con.execute("use warehouse")
        con.execute("begin")  # one commit: about 400 comments would each wait for the disk
        with _translate_damage(version):
            build_projection(con, version, built_at)
        con.execute("commit")
        con.execute("checkpoint warehouse")
        con.execute("use memory")
        con.execute("detach warehouse")
    shutil.rmtree(spill, ignore_errors=True)
    assert not log.exists(), f"{log} outlived a checkpoint"
    built_ns = (built_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    os.utime(aside, ns=(built_ns, built_ns))
    aside.chmod(stat.S_IMODE(aside.stat().st_mode) & ~0o222)  # who may read, the umask says
    _sync(aside)
    return aside


@contextmanager
def _translate_damage(version: LakeVersion) -> Iterator[None]:
    """Translate what DuckDB raises for files of the lake that are missing or broken."""
    try:
        with translate_disk_errors("lake", Path(version.root)):
            yield
    except duckdb.Error as exc:
        reason = str(exc).strip().splitlines()[0].rstrip(".")
        way_out = f"{reason}. Restore the lake from a backup (docs/deployment.md)."
        raise LakeDamaged("lake", version.root, way_out) from exc


def _move_log_aside(target: Path) -> None:
    """
    Rename a stale write-ahead log, so that it no longer belongs to the file.

    A process that had an older file open for writing left it. With it in place no reader could open
    the new file (older formats would replay the foreign log into it).
    """
    log = target.with_name(f"{target.name}.wal")
    if log.exists():
        os.replace(log, log.with_name(f"{log.name}.aside-{log.stat().st_mtime_ns}"))


def _sync(path: Path) -> None:
    """Sync a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
