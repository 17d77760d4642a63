"""
Take from a process what it may do: room, or the right to write where permissions say no.

Root writes wherever it likes. A process that has given up two of root's capabilities owns the same
files and meets their permissions, as any user does; so the tests hold for root and for anyone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_BYTES = 6_000
OVERRIDE = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
VERSION = 0x20080522  # of the capabilities' interface
BOUNDING_DROP = 24  # PR_CAPBSET_DROP


class _Head(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def obey_permissions(_: object = None) -> None:
    """Make this process meet file permissions, also as root, also in what it executes."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head, sets = _Head(VERSION, 0), (_Sets * 2)()
    assert libc.capget(ctypes.byref(head), sets) == 0, os.strerror(ctypes.get_errno())
    for capability in OVERRIDE:
        libc.prctl(BOUNDING_DROP, capability, 0, 0, 0)
        for name in ("effective", "permitted", "inheritable"):
            setattr(sets[0], name, getattr(sets[0], name) & ~(1 << capability))
    assert libc.capset(ctypes.byref(head), sets) == 0, os.strerror(ctypes.get_errno())


def limit_files(_: object = None) -> None:
    """Let no file of this process grow above FILE_BYTES: to a writer, a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, resource.RLIM_INFINITY))


def can_mount() -> bool:
    """Say whether a small file system can be mounted here."""
    if os.geteuid() != 0:
        return False
    probe = Path("/tmp/copydesk-faults-probe")
    try:
        with small_disk(probe, "64k"):
            return True
    except subprocess.CalledProcessError:
        return False


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Have a file system of its own, and of some size, at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def change_disk(folder: Path, options: str) -> None:
    """Mount a small disk anew with other options."""
    _mount("-o", f"remount,{options}", str(folder))


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
