"""
The process in which `isolation.IsolatedParser` has files parsed: it answers one task after another.

It ends when its parent does. The kernel ends it when a task takes more CPU time than it may; memory
beyond its limit makes an allocation fail, which rejects the page.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path

from include.errors import CopydeskError
from include.intake.archives.content import PAGE, Entry
from include.intake.decoding.page import Page
from include.intake.inbox.read import Reading
from include.intake.parser import Parser

PR_SET_PDEATHSIG = 1  # linux/prctl.h
NEXT, DECODE = "next", "decode"
# Measured on one core: HTML 0.03 to 0.2 s per MiB, JSON 0.1, legacy encodings 0.02, bzip2 0.1 out.
CPU_S_PER_MIB = 2.0
MIB = 2**20
# Measured: the tree of a page of nothing but tags takes 40 bytes per byte, JSON of empty lists 25.
MEMORY_BYTES, MEMORY_PER_PAGE_BYTE = 2**30, 64


@dataclass(frozen=True)
class Opening:
    """
    A file to parse. raw: its bytes; None if a handle to its copy follows, or if there are none.

    skip: how many entries were listed already, by a process that has ended. is_eager: send all
    entries with their pages at once; else each when it is asked for.
    """

    raw: bytes | None
    has_copy: bool
    file: Entry
    skip: int
    budget_s: float
    is_eager: bool


def serve(handle: int) -> None:
    """Answer the tasks that come over a socket until it is closed."""
    connection = Connection(handle)
    parser, base_s = connection.recv()
    _end_with_parent()
    _limit_memory(parser.limits.max_page_bytes)
    with suppress(EOFError, ConnectionError):
        server = _Server(connection, parser, base_s)
        while True:
            server.answer(connection.recv())


class _Server:
    """The file that is being parsed."""

    def __init__(self, connection: Connection, parser: Parser, base_s: float) -> None:
        self._connection, self._parser, self._base_s = connection, parser, base_s
        self._entries: Iterator[Entry] = iter(())
        self._entry = self._file = Entry("", "", "", 0)
        self._listing_s = base_s

    def answer(self, task: object) -> None:
        """Do one task; each answer is preceded by the CPU time it took (s)."""
        began_s = time.process_time()
        try:
            if isinstance(task, Opening):
                self._open(task)
                return
            answer: object = self._list() if task == NEXT else self._decode()
        except (CopydeskError, OSError) as exc:
            answer = exc
        self._connection.send((time.process_time() - began_s, answer))

    def _open(self, task: Opening) -> None:
        """Start on a file; a copy of a large one comes as a handle of the operating system."""
        copy = os.fdopen(recv_handle(self._connection), "rb") if task.has_copy else None
        if copy is not None:
            copy.seek(0)
        self._file, self._listing_s = task.file, task.budget_s
        _limit_cpu(self._listing_s)
        reading = Reading(task.file.page_id, task.raw, copy)
        self._entries = self._parser.list_entries(reading, task.file)
        for _ in range(task.skip):
            self._entry = next(self._entries)
        if task.is_eager:
            self._send_all()

    def _send_all(self) -> None:
        """Send each entry with its page, without being asked for it."""
        is_last = False
        while not is_last:
            began_s = time.process_time()
            try:
                entry = self._list()
                page = self._decode() if entry.kind == PAGE else None
                answer: object = (entry, page)
                is_last = entry.name == self._file.name
            except (CopydeskError, OSError) as exc:
                answer, is_last = exc, True
            self._connection.send((time.process_time() - began_s, answer))

    def _list(self) -> Entry:
        _limit_cpu(self._listing_s)
        self._entry = next(self._entries)
        return replace(self._entry, raw=None) if self._entry.kind == PAGE else self._entry

    def _decode(self) -> tuple[bytes | None, Page]:
        """Decode the entry listed last; the parent has the bytes of the file itself."""
        _limit_cpu(self._base_s + budget_s(self._entry.size))
        raw, page = self._parser.decode(self._entry)
        return (None if self._entry.name == self._file.name else raw), page


def budget_s(size: int) -> float:
    """Return how much CPU time bytes may take (s), beyond what any task may."""
    return size / MIB * CPU_S_PER_MIB


def _limit_cpu(seconds: float) -> None:
    """Let the kernel end this process once it has used this much more CPU time."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time() + seconds)
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _end_with_parent() -> None:
    """Have Linux end this process with its parent, even in the middle of a task."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(max_page_bytes: int) -> None:
    """Limit what this process may allocate beyond what it holds now; not on systems that cannot."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        held = pages * resource.getpagesize()
        limit = held + MEMORY_BYTES + MEMORY_PER_PAGE_BYTE * max_page_bytes
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        # the kernel, if it runs out of memory, then ends this process and not its parent
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
