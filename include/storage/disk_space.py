"""How full a disk is, and from when on that is a problem."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

LOW_SHARE = 0.1  # of the disk: a run writes a page about four times before its receipts go
FULL_BYTES = 1e9


@dataclass(frozen=True)
class DiskSpace:
    """Free and total bytes of a disk."""

    free: int
    total: int

    @property
    def is_full(self) -> bool:
        """Return whether the next run may fail for lack of room."""
        return self.free < FULL_BYTES

    @property
    def is_low(self) -> bool:
        """Return whether somebody should make room soon."""
        return self.is_full or self.free < LOW_SHARE * self.total


def read_space(folder: Path) -> DiskSpace:
    """Return the space on the disk of a folder, which need not exist yet."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    usage = shutil.disk_usage(there)
    return DiskSpace(usage.free, usage.total)
