"""
Publish a lake version: build `warehouse.duckdb` aside, then swap it in.

Readers keep the file they opened, and never meet a lock or half a version. The file is read-only
(0444) and has no write-ahead log; it can be thrown away and built again at any time.
"""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from include.model import LakeVersion, Published
from include.place import Root, Store, open_filesystem
from include.warehouse.lock import hold_publishing, refuse_writer
from include.warehouse.projection import build_projection, projection_version
from include.warehouse.queries import quote_text
from include.warehouse.shown import OFFLINE, note_replaced, read_snapshot

STORAGE = "v1.4.0"  # older formats replay a stray log into the new file without a word


def publish_warehouse(
    version: LakeVersion, target: Path, memory_limit: str, lake: Root | None = None
) -> Published:
    """
    Project a lake version into `target`; do nothing when it holds that version already.

    Args:
        lake: where it lies, if in a store: DuckDB reads it through Arrow and needs no extension.
    Raises:
        WarehouseHeld: another process publishes, or has the file open for writing. The lake is as
        it was: publishing again brings the file up to it.
    """
    began = time.monotonic()
    with hold_publishing(target):
        refuse_writer(target)
        _move_log_aside(target)
        changed = not _holds(target, version)
        if changed:
            aside = _build_aside(version, target, memory_limit, lake)
            note_replaced(target, datetime.now(UTC))
            _swap_in(aside, target)
    return Published(str(target), version.key(), changed, time.monotonic() - began)


def _holds(target: Path, version: LakeVersion) -> bool:
    """Say whether the file was built from this version with these views; a broken one was not."""
    return read_snapshot(target) == (version.key(), projection_version(), version.root)


def _build_aside(version: LakeVersion, target: Path, memory_limit: str, lake: Root | None) -> Path:
    """Build the file beside its target, whole and on disk."""
    aside = target.with_name(f".{target.name}.building")
    log, spill = aside.with_name(f"{aside.name}.wal"), aside.with_name(f"{aside.name}.tmp")
    for left_over in (aside, log):
        left_over.unlink(missing_ok=True)
    config = {**OFFLINE, "memory_limit": memory_limit, "temp_directory": str(spill)}
    with duckdb.connect(":memory:", config=config) as con:
        if isinstance(lake, Store):
            con.register_filesystem(open_filesystem(lake))
        path = quote_text(str(aside))
        con.execute(f"attach {path} as warehouse (storage_version {quote_text(STORAGE)})")
        con.execute("use warehouse")
        con.execute("begin")  # one commit: each of some 400 comments would wait for the disk
        build_projection(con, version, datetime.now(UTC))
        con.execute("commit")
        con.execute("checkpoint warehouse")
        con.execute("use memory")
        con.execute("detach warehouse")
    shutil.rmtree(spill, ignore_errors=True)
    assert not log.exists(), f"{log} outlived a checkpoint"
    aside.chmod(0o444)
    _sync(aside)
    return aside


def _swap_in(aside: Path, target: Path) -> None:
    """Put the new file in place, unless somebody began to write to the old one meanwhile."""
    try:
        refuse_writer(target)
    except BaseException:
        aside.unlink()
        raise
    os.replace(aside, target)
    _move_log_aside(target)
    _sync(target.parent)


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
