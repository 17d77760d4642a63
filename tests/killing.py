"""Kill a run at a named point, as a lost process would end there."""

from __future__ import annotations

from collections.abc import Callable


class Killed(BaseException):
    """Not an Exception: no handler may catch it."""


def kill_at(point: str) -> Callable[[str], None]:
    """Return a callback that raises `Killed` when it is called with a point's name."""

    def between(reached: str) -> None:
        if reached == point:
            raise Killed(point)

    return between
