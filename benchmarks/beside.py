"""
Compare Copydesk with other ways to land the same pages, and on two cores; one run, as ratios.

    python -m benchmarks.beside [--mb 50]

Copydesk does all that `python -m include ingest` does. The others split at blank lines and have no
roles, spans, rules or ledger: a pandas script, and dlt and datatrove where they are installed.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from benchmarks.alone import Cost, run_alone
from benchmarks.pages import make_pages, write_inbox
from benchmarks.peers import PEERS


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=float, default=50, help="how much text is landed")
    megabytes = parser.parse_args().mb
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        write_inbox(inbox, make_pages(round(megabytes * 1e6)))
        _print_beside(megabytes, _run_all(inbox, Path(folder)))
    _print_two(megabytes)


def _run_all(inbox: Path, folder: Path) -> dict[str, Cost]:
    """Land the inbox in every way there is, one after another; the pandas script first."""
    pairs = {"pandas script": run_alone(["benchmarks.plain_pandas", str(inbox), f"{folder}/p"])}
    for name in PEERS:
        if find_spec(name):
            words = ["benchmarks.peers", name, str(inbox), f"{folder}/{name}"]
            pairs[name] = run_alone(words)
    ingest = ["include", "ingest", str(inbox), "--json"]
    pairs["Copydesk"] = run_alone([*ingest, "--home", f"{folder}/one"])
    small = ["--workers", "2", "--home", f"{folder}/two"]
    pairs["Copydesk, two processes"] = run_alone([*ingest, *small], count=2)
    return pairs


def _print_beside(megabytes: float, costs: dict[str, Cost]) -> None:
    print(f"\n### {megabytes:.0f} MB of pages, landed\n")
    print("| what | stories | CPU s | wall s | MB per CPU s | CPU, pandas = 1 | peak MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    pandas = costs["pandas script"].cpu
    for name, cost in costs.items():
        stories = cost.output.get("stories", cost.output.get("stories_landed"))
        print(
            f"| {name} | {stories:,} | {cost.cpu:.1f} | {cost.seconds:.1f} "
            f"| {megabytes / cost.cpu:.1f} | {cost.cpu / pandas:.1f} | {cost.peak:.0f} |",
            flush=True,
        )


def _print_two(megabytes: float) -> None:
    """Split the same pages in one process, then in two at once; print what the second adds."""
    words = ["benchmarks.split_speed", "--part", "made", "--mb", str(megabytes)]

    def split(core: int) -> tuple[float, float]:
        output = run_alone(words, first=core).output
        return output["mb"] / output["best"], output["mb"] / output["best_wall"]

    alone = split(0)
    with ThreadPoolExecutor(2) as pool:
        both = [sum(rates) for rates in zip(*pool.map(split, (0, 1)), strict=True)]
    print("\n### Split alone, two processes\n")
    print("| | MB per CPU s | MB per s of the clock |\n|---|---:|---:|")
    print(f"| one | {alone[0]:.1f} | {alone[1]:.1f} |")
    print(f"| two at once, summed | {both[0]:.1f} | {both[1]:.1f} |")
    print(f"| ratio | {both[0] / alone[0]:.2f} | {both[1] / alone[1]:.2f} |")


if __name__ == "__main__":
    main()
