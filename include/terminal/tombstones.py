"""What `why` says of a page that was erased."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from include.config.settings import Settings
from include.lake.erasure.tombstones import ERASED, read_tombstones
from include.lake.erasure.traces import read_names
from include.text import pluralize, sanitize


def show_tombstones(settings: Settings, what: str, console: Console, as_json: bool) -> bool:
    """
    Print the tombstone of a page, given by its page_id or by a file of the same bytes.

    Returns:
        Whether there is one.
    """
    stones = read_tombstones(settings.lake)
    if stones.is_empty():
        return False
    known = set(stones["page_id"])
    page_id = what if what in known else _hash_file(Path(what))
    if page_id not in known:
        return False
    rows = [row for row in stones.to_dicts() if row["page_id"] == page_id]
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps({"row": "tombstone", **row}, default=str) + "\n")
        return True
    first, last = rows[0], rows[-1]
    is_done = last["step"] == ERASED
    head = "erased" if is_done else "erasure begun, not finished: erase this page_id again"
    console.print(f"{page_id}  {head}", style="bold", soft_wrap=True, markup=False)
    left = read_names(settings.lake)
    refused = int((left["page_id"] == page_id).sum())
    lines: dict[str, Any] = {
        "when": f"{last['at']:%Y-%m-%d %H:%M:%S} UTC",
        "who": sanitize(first["erased_by"]),
        "why": sanitize(first["reason"]),
        "had": f"{pluralize(first['deliveries'], 'delivery')}, "
        f"{pluralize(first['stories'], 'story')}",
        "since": f"refused {pluralize(refused, 'time')}" if refused else "not delivered again",
    }
    for name, text in lines.items():
        console.print(f"  {name:<6} {text}", soft_wrap=True, markup=False, highlight=False)
    return True


def _hash_file(path: Path) -> str | None:
    """Return the page_id that a file has; None if it is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
