"""
What `doctor` found: one thing that was checked, and the order of how bad it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: nothing to do; a person should look some time; broken now."""

    OK = "ok"
    LOOK = "look"
    SICK = "SICK"


@dataclass(frozen=True)
class Finding:
    """
    One thing that was checked.

    thing: what, in a few words. state: how it is. way_out: what to do, if anything. details: what
    is behind the state, a line each.
    """

    level: Level
    thing: str
    state: str
    way_out: str = ""
    details: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Return whether it works; what a person should look at some time does."""
        return self.level is not Level.SICK


def well(thing: str, state: str, *details: str) -> Finding:
    """Return that something works."""
    return Finding(Level.OK, thing, state, "", details)


def look(thing: str, state: str, way_out: str, *details: str) -> Finding:
    """Return that something works, and that a person should look."""
    return Finding(Level.LOOK, thing, state, way_out, details)


def sick(thing: str, state: str, way_out: str, *details: str) -> Finding:
    """Return that something is broken."""
    return Finding(Level.SICK, thing, state, way_out, details)
