"""
Write a file so that readers, and a killed writer, meet the old one or the new one, never a part.

Nothing is synced to disk: what must survive a power cut syncs by itself (`warehouse.publish`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from include.storage.disk_errors import translate_disk_errors


@contextmanager
def atomic_write(thing: str, path: Path) -> Iterator[Path]:
    """
    Give the path of a temporary file in the same folder; it is renamed when the block has ended.

    The folder is created if absent. If the block fails, the temporary file is removed and `path` is
    as it was. A killed process leaves it behind: hidden, with host and process id at the end of its
    name, since containers that share a folder have equal process ids. Not `tempfile`: its files
    have mode 0600 whatever the umask, and other users' processes read ours.

    Args:
        thing: names the file in errors.
    Raises:
        DiskFull, StorageRefused: see `translate_disk_errors`; the block's own errors too.
    """
    temporary = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}")
    with translate_disk_errors(thing, path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):  # the first error is the one to report
                temporary.unlink(missing_ok=True)
            raise
