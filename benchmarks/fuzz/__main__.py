"""
Ingest mutated inputs of every format, and report their outcomes.

    python -m benchmarks.fuzz [--count 100000] [--seed 7] [--format html] [--keep FOLDER]

One row per format: inputs, how many landed (as a page, or as an archive that was read to its end),
were rejected and why, what went wrong, and CPU seconds of all steps. Exits with 1 if anything went
wrong; the inputs at fault are written to the folder of `--keep`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fuzz.check import Result, ingest_lot
from benchmarks.fuzz.formats import FORMATS
from benchmarks.fuzz.mutations import make_input

LOT = 200  # inputs of one run; in a larger lot it takes longer to find the one that stops it
REASONS_SHOWN = 3


@dataclass
class Row:
    """The outcomes of the inputs of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[Result] = field(default_factory=list)
    seconds: float = 0.0


def main() -> int:
    """Print one row per format, and the inputs at fault; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="inputs of all formats together")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--format", choices=FORMATS, action="append", help="this format only")
    parser.add_argument("--keep", type=Path, help="folder for inputs at fault")
    arguments = parser.parse_args()
    kinds = arguments.format or [*FORMATS]
    rows = {kind: Row() for kind in kinds}
    began, done, total = time.monotonic(), 0, arguments.count // len(kinds) * len(kinds)
    with tempfile.TemporaryDirectory() as name:
        for kind, numbers in _share_out(kinds, arguments.count // len(kinds)):
            made = [make_input(kind, arguments.seed, number) for number in numbers]
            lot = ingest_lot(made, Path(name) / f"{kind}-{numbers.start}")
            rows[kind].seconds += lot.seconds
            for result in lot.results:
                _count(rows[kind], result)
            done += len(made)
            wrong = sum(len(row.wrong) for row in rows.values())
            print(
                f"\r{done:,} of {total:,}, {wrong} wrong, {time.monotonic() - began:,.0f} s",
                end="",
                file=sys.stderr,
                flush=True,
            )
    print(file=sys.stderr)
    _print(rows)
    at_fault = [result for row in rows.values() for result in row.wrong]
    for result in at_fault:
        print(f"\n{result.key}: {'; '.join(result.wrong)}")
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            kind, seed, number = result.key.split("/")
            again = make_input(kind, int(seed), int(number))
            (arguments.keep / f"{seed}-{again.name}").write_bytes(again.raw)
    return 1 if at_fault else 0


def _share_out(kinds: list[str], count: int) -> Iterator[tuple[str, range]]:
    """Yield lots of one format: the first lot of each format, then the second, and so on."""
    for start in range(0, count, LOT):
        for kind in kinds:
            yield kind, range(start, min(start + LOT, count))


def _count(row: Row, result: Result) -> None:
    row.outcomes[result.outcome] += 1
    if result.reason:
        row.reasons[result.reason.split(":line ")[0]] += 1
    if result.wrong:
        row.wrong.append(result)


def _print(rows: dict[str, Row]) -> None:
    print("| format | inputs | landed | rejected | most frequent reasons | wrong | CPU s |")
    print("|---|---:|---:|---:|---|---:|---:|")
    rows["all"] = Row()
    for kind, row in rows.items():
        landed = sum(row.outcomes[name] for name in ("landed", "no_story", "redelivered"))
        landed += row.outcomes["unpacked"]
        frequent = row.reasons.most_common(REASONS_SHOWN)
        why = ", ".join(f"`{reason}` {times:,}" for reason, times in frequent)
        print(
            f"| {kind} | {row.outcomes.total():,} | {landed:,} | {row.outcomes['rejected']:,} "
            f"| {why} | {len(row.wrong)} | {row.seconds:,.0f} |"
        )
        if kind != "all":
            rows["all"].outcomes += row.outcomes
            rows["all"].reasons += row.reasons
            rows["all"].seconds += row.seconds
            rows["all"].wrong += row.wrong


if __name__ == "__main__":
    sys.exit(main())
