"""
Compare the new rows of a mart with all its rows, part by part, on an engine.

Parts are frames in the run's folder. A worker holds two of them at a time, whatever the length of
the history, and each two may be compared anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import pyarrow as pa

from include.engine.door import Engine
from include.engine.outcomes import demand_all
from include.storage.frames import map_frame, write_frame

Compare = Callable[[pa.Table, pa.Table], pa.Table]


def write_parts(folder: Path, name: str, parts: Iterable[pa.Table]) -> list[Path]:
    """Write tables as frames; return their paths."""
    return [
        write_frame(folder / f"{name}-{number:04d}.arrow", part)
        for number, part in enumerate(parts)
    ]


def compare_parts(
    engine: Engine, compare: Compare, left: Sequence[Path], right: Sequence[Path]
) -> list[pa.Table]:
    """
    Compare each frame of `left` with each of `right`; return what was found, frame by frame.

    Args:
        compare: a function of a module, which workers import.
    Raises:
        WorkerLost: a comparison failed; none may be left out.
    """
    pairs = list(product(left, right))
    return [map_frame(path) for path in demand_all(engine.map(partial(_compare, compare), pairs))]


def _compare(compare: Compare, pair: tuple[Path, Path]) -> Path:
    one, other = pair
    found = compare(map_frame(one), map_frame(other))
    return write_frame(one.with_name(f"{one.stem}.{other.stem}.arrow"), found)
