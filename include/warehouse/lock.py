"""
Who may publish, and who stands in the way: one publisher at a time, and no one with the file open
for writing.
"""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import WarehouseHeld

# `struct flock`: type, whence, start, length, pid on Linux; start, length, pid, type, whence on Mac
ON_MAC = sys.platform == "darwin"
FLOCK = "qqihh" if ON_MAC else "hhqqi4x"


@contextmanager
def hold_publishing(target: Path) -> Iterator[None]:
    """
    Hold the right to publish `target` for as long as the block runs.

    Raises:
        WarehouseHeld: another process is publishing; the lake keeps what it would publish.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f".{target.name}.lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            holder = path.read_text(encoding="ascii").strip() or "unknown"
            way_out = f"Process {holder} is publishing; publish again when it is done."
            raise WarehouseHeld("warehouse", str(target), way_out) from exc
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def find_writer(path: Path) -> int | None:
    """
    Give the process that has a DuckDB file open for writing; None for readers, nobody or no file.

    Opening and closing the file drops this process's own POSIX locks on it: not to be called while
    a connection of this process holds it for writing.
    """
    if not path.exists():
        return None
    asked = (0, 0, 0, fcntl.F_RDLCK, 0) if ON_MAC else (fcntl.F_RDLCK, 0, 0, 0, 0)
    with path.open("rb") as file:
        told = struct.unpack(FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, struct.pack(FLOCK, *asked)))
    kind, holder = (told[3], told[2]) if ON_MAC else (told[0], told[4])
    return None if kind == fcntl.F_UNLCK else int(holder)


def refuse_writer(path: Path) -> None:
    """Raise `WarehouseHeld` if a process has the file open for writing."""
    writer = find_writer(path)
    if writer is not None:
        way_out = (
            f"Process {writer} has it open for writing: close it there, and open it read-only "
            "(`duckdb -readonly`). The lake holds the new rows; publish again then."
        )
        raise WarehouseHeld("warehouse", str(path), way_out)
