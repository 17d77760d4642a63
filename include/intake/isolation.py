"""
Parse in a process of its own, with a budget of CPU time and memory, so that no file stops a run.

A parser that never ends, takes all memory or crashes ends its process and not the run: the page is
rejected, and a new process reads the rest of its archive. The kernel keeps the budget (RLIMIT_CPU,
RLIMIT_AS), since nothing else interrupts a parser written in C.
"""

from __future__ import annotations

import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from types import TracebackType

from include.intake.archives.content import REJECTED, UNPACKED, Entry
from include.intake.archives.limits import Limits
from include.intake.decoding.page import Page, TextOptions, reject_page
from include.intake.inbox.read import Reading
from include.intake.parser import Parser
from include.intake.parser_process import DECODE, NEXT, Opening, budget_s

ROOT = Path(__file__).parents[2]
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from include.intake.parser_process import serve; serve(int(sys.argv[2]))"
)
TOO_SLOW, CRASHED = "too_slow", "crashed"
TRIES = 2  # the first end may be chance, such as a machine that ran out of memory
MAX_LOSSES = 5  # pages of one archive that may end a process
BASE_S = 5.0  # CPU time that even the smallest task may take; honest pages take under 0.5 s
MEMBER_S = 0.02  # CPU time that each member adds to the budget of its archive; most take 5 ms
WALL_S = 3600  # real time in which an answer must come, whatever the machine does meanwhile


class _Ended(Exception):
    """The process has ended. reason: what its page is rejected for; None if it may be chance."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


class IsolatedParser:
    """
    A `Parser` in a process of its own, which starts with the first file and ends with the block.

    base_s: CPU time that any task may take (s), to which its bytes add. A file has a budget as a
    whole too, so that an archive of many slow pages ends.
    """

    def __init__(self, limits: Limits, options: TextOptions, base_s: float = BASE_S) -> None:
        self._parser, self._base_s = Parser(limits, options), base_s
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._reading, self._file = Reading("", b""), Entry("", "", "", 0)
        self._is_open = self._is_eager = False
        self._decoded: object = None
        self._listed = 0
        self._spent_s = self._allowed_s = 0.0

    def __enter__(self) -> IsolatedParser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def list_entries(self, reading: Reading, file: Entry, is_new: bool = True) -> Iterator[Entry]:
        """
        List a file's entries, as `Parser` does; the bytes of pages stay in the other process.

        Args:
            is_new: all pages will be decoded, so the process works ahead.
        """
        self._reading, self._file, self._listed, losses = reading, file, 0, 0
        self._spent_s, self._allowed_s = 0.0, self._base_s + budget_s(file.size)
        self._is_open, self._is_eager = False, is_new
        try:
            while True:
                entry = self._list()
                self._listed += 1
                self._allowed_s += MEMBER_S + budget_s(entry.size)
                yield entry
                if entry.name == file.name:
                    return
                losses += not self._is_open
                if losses > MAX_LOSSES or self._spent_s > self._allowed_s:
                    raise _Ended(TOO_SLOW)
        except _Ended as end:
            self._end()
            yield self._close(end.reason or CRASHED)
        except GeneratorExit:
            self._end()
            raise

    def decode(self, entry: Entry) -> tuple[bytes | None, Page]:
        """Return the bytes and the text of the entry that was listed last; it must be a page."""
        own = self._reading.raw if entry.name == self._file.name else None
        try:
            answer = self._decoded or self._ask_twice(DECODE)
        except _Ended as end:
            return own, reject_page(end.reason or CRASHED)
        assert isinstance(answer, tuple)
        raw, page = answer
        return (own if raw is None else raw), page

    def _list(self) -> Entry:
        """
        Return the next entry.

        A process that ends while it works ahead does not show whether listing or decoding ended it,
        so the rest of the file is then read step by step.
        """
        self._decoded = None
        entry: object = None
        if self._is_eager:
            try:
                answer = self._ask(None)
                assert isinstance(answer, tuple)
                entry, self._decoded = answer
            except _Ended:
                self._is_eager = False
        if not self._is_eager:
            entry = self._ask_twice(NEXT)
        assert isinstance(entry, Entry)
        return entry

    def _close(self, reason: str) -> Entry:
        """Return the entry of a file that is not read further."""
        kind = UNPACKED if self._listed else REJECTED
        raw = None if self._listed else self._reading.raw
        return replace(self._file, kind=kind, reason=reason, raw=raw)

    def _ask_twice(self, task: str) -> object:
        """Have a task done, once more in a new process if the first may have ended by chance."""
        for _ in range(TRIES):
            try:
                return self._ask(task)
            except _Ended as end:
                if end.reason:
                    raise
        raise _Ended(None)

    def _ask(self, task: str | None) -> object:
        """Send a task, if there is one, and return the next answer."""
        try:
            connection = self._connection or self._start()
            if not self._is_open:
                self._open(connection)
            if task is not None:
                connection.send(task)
            spent_s, answer = connection.recv()
        except (EOFError, OSError):
            raise _Ended(self._end()) from None
        self._spent_s += spent_s
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _open(self, connection: Connection) -> None:
        """Hand the file over; what was listed of it before is passed by there."""
        assert self._process is not None
        raw, copy = self._reading.raw, self._reading.copy
        budget = self._allowed_s + self._base_s
        connection.send(
            Opening(raw, copy is not None, self._file, self._listed, budget, self._is_eager)
        )
        if copy is not None:
            send_handle(connection, copy.fileno(), self._process.pid)
        self._is_open = True

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", START, str(ROOT), str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", WALL_S, 0))
        self._connection = Connection(ours.detach())
        self._connection.send((self._parser, self._base_s))
        self._is_open = False
        return self._connection

    def _end(self) -> str | None:
        """End the process; return the reason to reject its page if it used up its CPU time."""
        self._is_open = False
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        return TOO_SLOW if process.wait() == -signal.SIGXCPU else None
