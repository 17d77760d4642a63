"""
Publish a lake version: build `warehouse.duckdb` aside, then swap it in.

Readers keep the file they opened, and never meet a lock or half a version. The file is read-only
(0444) and has no write-ahead log; it can be thrown away and built again at any time. While somebody
has the old one open for writing, the new one lies staged beside it for the next run to swap in.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from include.model import LakeVersion, Published
from include.storage.locations import Root, Store, open_filesystem
from include.warehouse.lock import PATIENCE_S, find_writer, hold_publishing, refuse_writer
from include.warehouse.projection import build_projection, projection_version
from include.warehouse.published import OFFLINE, note_replaced, read_snapshot
from include.warehouse.queries import quote_text

STORAGE = "v1.4.0"  # older formats replay a stray log into the new file without a word


def publish_warehouse(
    read_version: Callable[[], LakeVersion],
    target: Path,
    memory_limit: str,
    patience_s: float = PATIENCE_S,
    lake: Root | None = None,
) -> Published:
    """
    Project a lake version into `target`; do nothing when it holds that version already.

    Args:
        read_version: asked when it is our turn, or an older version might follow a newer one.
        patience_s: how long another publisher, then a writer, is waited for (s).
        lake: where it lies, if in a store: DuckDB reads it through Arrow and needs no extension.
    Raises:
        WarehouseHeld: another process publishes, or has the file open for writing. The lake and the
        file are as they were, the new version is staged: publishing again brings the file up to it.
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
    Say whether the file was built from this version with these views, and not written to since.

    A broken one was not.
    """
    if not file.exists():
        return False
    written_us = file.stat().st_mtime_ns // 1000
    wanted = (version.key(), projection_version(), version.root, written_us)
    return read_snapshot(file) == wanted


def _aside(target: Path) -> Path:
    """Give the path at which the file is built."""
    return target.with_name(f".{target.name}.building")


def _clear_away(aside: Path) -> None:
    """Remove what a killed publisher left of its building: the file, its log, its spill."""
    aside.unlink(missing_ok=True)
    aside.with_name(f"{aside.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(aside.with_name(f"{aside.name}.tmp"), ignore_errors=True)


def _build_aside(version: LakeVersion, target: Path, memory_limit: str, lake: Root | None) -> Path:
    """Build the file beside its target, whole and on disk, its time of change that of building."""
    aside, built_at = _aside(target), datetime.now(UTC)
    log, spill = aside.with_name(f"{aside.name}.wal"), aside.with_name(f"{aside.name}.tmp")
    config = {**OFFLINE, "memory_limit": memory_limit, "temp_directory": str(spill)}
    with duckdb.connect(":memory:", config=config) as con:
        if isinstance(lake, Store):
            con.register_filesystem(open_filesystem(lake))
        path = quote_text(str(aside))
        con.execute(f"attach {path} as warehouse (storage_version {quote_text(STORAGE)})")
        con.execute("use warehouse")
        con.execute("begin")  # one commit: each of some 400 comments would wait for the disk
        build_projection(con, version, built_at)
        con.execute("commit")
        con.execute("checkpoint warehouse")
        con.execute("use memory")
        con.execute("detach warehouse")
    shutil.rmtree(spill, ignore_errors=True)
    assert not log.exists(), f"{log} outlived a checkpoint"
    built_ns = (built_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    os.utime(aside, ns=(built_ns, built_ns))
    aside.chmod(0o444)
    _sync(aside)
    return aside


def _move_log_aside(target: Path) -> None:
    """
    Move a write-ahead log that nobody writes away from the file.

    Whoever opened an older file for writing left it; it does not belong to this file, and no reader
    could open it (or, in older formats, would read the log's changes as ours).
    """
    log = target.with_name(f"{target.name}.wal")
    if log.exists():
        os.replace(log, log.with_name(f"{log.name}.aside-{log.stat().st_mtime_ns}"))


def _sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
