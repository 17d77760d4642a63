"""
Limits on batches and archives, and what an archive has used of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.intake.failures import Stopped

FREE_BYTES = 2**20  # that even the smallest archive may unpack to


@dataclass(frozen=True)
class Limits:
    """
    Limits on pages, batches and archives.

    max_page_bytes: a larger file or member is rejected. batch_bytes: a batch is closed once it
    holds this many. max_batches: the most batches in a run; beyond it batches grow, and memory with
    them. max_members: per archive, including members of nested archives. max_depth: levels of
    nested archives. max_expansion: unpacked bytes per packed byte. max_unpacked_bytes: unpacked per
    archive; also the size of the largest archive that is opened.
    """

    max_page_bytes: int
    batch_bytes: int
    max_batches: int
    max_members: int = 1_000_000
    max_depth: int = 4
    max_expansion: int = 200
    max_unpacked_bytes: int = 16 * 2**30


@dataclass
class Budget:
    """What one archive has used so far, including nested archives."""

    limits: Limits
    members: int = 0
    unpacked_bytes: int = 0

    def count_member(self) -> None:
        """Count one more member; raise `Stopped` beyond the limit."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise Stopped("too_many_members")

    def count_bytes(self, size: int) -> None:
        """Count unpacked bytes; raise `Stopped` beyond the limit."""
        self.unpacked_bytes += size
        if self.unpacked_bytes > self.limits.max_unpacked_bytes:
            raise Stopped("too_much_unpacked")

    def allow(self, origin: int) -> int:
        """Return how many bytes may be unpacked from `origin` bytes of the inbox file."""
        return FREE_BYTES + origin * self.limits.max_expansion
