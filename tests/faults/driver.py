"""
Runs of the command `ingest`, each in a process group of its own, which the tests kill.

They are children of a fork server that has imported everything; the command's own pool of processes
is replaced by the child itself. All else is the command: its words, its steps, its exit code.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.preload"])

COMMITS = (
    "stories", "chrome", "quarantine", "quality_results", "page_flags", "run_figures",
    "gate_openings", "pages", "story_revisions",
    "superseded stories", "superseded chrome", "superseded quarantine", "runs",
)  # fmt: skip
STEPS = ("intake", "split", "judge", "gate", "land")
POINTS = (*COMMITS, *(f"after {step}" for step in STEPS), "built", "staged")


@dataclass(frozen=True)
class Place:
    """Where runs read and write, and where they say how it went."""

    inbox: Path
    home: Path
    log: Path

    def words(self) -> list[str]:
        return ["ingest", str(self.inbox), "--home", str(self.home), "--json"]


def start(place: Place, **given: Any) -> BaseProcess:
    """Start an ingest; `given` goes to `run`."""
    process = FORKS.Process(target=run, args=(place,), kwargs=given)
    process.start()
    return process


def ingest(place: Place, **given: Any) -> tuple[int, str]:
    """Run an ingest to its end; give its exit code and what it printed."""
    place.log.write_text("")
    process = start(place, **given)
    process.join()
    assert process.exitcode is not None
    return process.exitcode, place.log.read_text()


def run(
    place: Place,
    point: str | None = None,
    at_point: Callable[[Place], None] | None = None,
    before: Callable[[Place], None] | None = None,
) -> None:
    """
    Run the command in this process, to its end.

    Args:
        point: one of POINTS; the process kills itself there, or calls `at_point`.
        before: called first, to change what this process may do.
    """
    os.setsid()
    with place.log.open("a") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    os.environ["COPYDESK_SETTLE_S"] = "0"
    import include.terminal.ingest as terminal
    from include.__main__ import main

    terminal.open_workers = lambda count: Here()
    if point:
        _hook(point, partial(at_point, place) if at_point else _die)
    if before:
        before(place)
    code = main(place.words())
    sys.stdout.flush()
    sys.exit(code)


class Here:
    """Stands for workers: runs the steps in this process."""

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def run(self, step: Callable[..., object], *given: object) -> object:
        """Run one step."""
        return step(*given)

    def map(self, step: Callable[..., object], items: list[object]) -> list[object]:
        """Run a step for each item."""
        return [step(item) for item in items]


def _hook(point: str, act: Callable[[], None]) -> None:
    """Have something done when the run reaches a point."""
    from include.lake.landing import land
    from include.pipeline import steps
    from include.warehouse import publish

    def between(reached: str) -> None:
        if reached == point:
            act()

    def after(module: Any, name: str) -> None:
        does = getattr(module, name)

        def do(*given: Any) -> Any:
            result = does(*given)
            act()
            return result

        setattr(module, name, do)

    if point in COMMITS:
        land.land_run = partial(land.land_run, between=between)
    elif point.startswith("after "):
        after(steps, point.removeprefix("after "))
    else:
        after(publish, {"built": "build_projection", "staged": "_build_aside"}[point])


def _die() -> None:
    os.killpg(0, signal.SIGKILL)
