"""
Sidecars: `name.txt.meta.json` beside `name.txt` says where the page comes from.

Its facts are taken when the page is. One that comes later, or changes, changes nothing: what a page
is its bytes decide, and they are known.
"""

from __future__ import annotations

import json

from include.intake.facts import NO_FACTS, Facts, tell

SIDECAR = ".meta.json"
SIDECAR_BYTES = 2**16
UNREADABLE_SIDECAR = "sidecar_unreadable"


def read_sidecar(raw: bytes) -> tuple[Facts, tuple[str, ...]]:
    """Give what a sidecar tells, and the flag of its page where it cannot be read."""
    try:
        told = json.loads(raw.decode("utf-8-sig")) if len(raw) <= SIDECAR_BYTES else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return NO_FACTS, (UNREADABLE_SIDECAR,)
    names = ("outlet", "url", "title", "fetched_at", "published_at")
    return tell(**{name: told.get(name) for name in names}), ()
