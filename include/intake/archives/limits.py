"""
How much is taken at a time, and how much an archive may unpack to.
"""

from __future__ import annotations

from dataclasses import dataclass

FREE_BYTES = 2**20  # that anything may unpack to, however small it is


@dataclass(frozen=True)
class Limits:
    """
    How much is taken at a time.

    max_page_bytes: a larger file or member is rejected. batch_bytes: a batch is closed when it
    holds as much. max_batches: how many batches a run gives at most; they grow instead, and memory
    with them. max_members: of one archive, those of archives in it counted. max_depth: archives in
    one another. max_expansion: bytes that come out of a byte. max_unpacked_bytes: that come out of
    one archive, and the size of the largest archive that is opened.
    """

    max_page_bytes: int
    batch_bytes: int
    max_batches: int
    max_members: int = 1_000_000
    max_depth: int = 4
    max_expansion: int = 200
    max_unpacked_bytes: int = 16 * 2**30


class Stopped(Exception):
    """An archive cannot be read on: it is broken, or a limit is reached. Never leaves the room."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Budget:
    """What one archive has cost so far, with all archives in it."""

    limits: Limits
    members: int = 0
    unpacked_bytes: int = 0

    def count_member(self) -> None:
        """Count one more member."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise Stopped("too_many_members")

    def count_bytes(self, size: int) -> None:
        """Count bytes that came out."""
        self.unpacked_bytes += size
        if self.unpacked_bytes > self.limits.max_unpacked_bytes:
            raise Stopped("too_much_unpacked")

    def allow(self, origin: int) -> int:
        """Give how many bytes may come out of `origin` bytes of the file in the inbox."""
        return FREE_BYTES + origin * self.limits.max_expansion
