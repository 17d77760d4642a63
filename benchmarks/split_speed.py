"""
Measure how fast pages are split and landed, where the time goes, and whether it grows linearly.

    python -m benchmarks.split_speed [--mb 32]

Prints Markdown tables. Rates are megabytes (10^6 bytes of UTF-8) per second of CPU on one core; the
best of some rounds, since a shared machine only ever slows a round down. Compare ratios within one
run, not rates between two.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.alone import run_alone
from benchmarks.pages import LABELLED, make_pages, repeat_labelled, write_inbox

ROUNDS = 5
# Functions that include.splitter.split calls, by the stage their own time counts for.
STAGES = {
    "find_lines": "lines",
    "describe_appearance": "look",
    "find_inline": "inline",
    "name_roles": "roles",
    "find_stories": "model",
    "_with_roles": "pieces",
    "cut_pieces": "pieces",
    "add_credit": "pieces",
    "gather_stories": "gather",
    "gather_chrome": "gather",
    "fingerprint_stories": "fingerprint",
    "name_languages": "language",
    "_fill_fields": "fields",
    "_reasons": "fields",
    "_to_arrow": "fields",
    "add_signatures": "fields",
    "sign_stories": "fields",
    "story_id": "fields",
    "split_pages": "rest",
}
Pages = Iterable[tuple[str, str]]


def main() -> None:
    """Run every part in a process of its own and print what it told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=float, default=32, help="how much text a part gets")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        print(json.dumps(PARTS[given.part](given.mb, given.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_inbox(Path(folder) / "inbox", make_pages(round(given.mb * 1e6)))
        _print_split("pages made", _ask("made", given.mb, folder))
        if LABELLED.is_dir():
            _print_split("labelled pages, words shuffled", _ask("labelled", given.mb, folder))
        _print_landed(given.mb, folder)
        _print_growth(_ask("growth", given.mb, folder))


def _ask(part: str, megabytes: float, folder: str) -> dict[str, Any]:
    words = ["benchmarks.split_speed", "--part", part, "--mb", str(megabytes), "--folder", folder]
    cost = run_alone(words)
    return {**cost.output, "peak": cost.peak}


def _print_split(title: str, told: dict[str, Any]) -> None:
    print(f"\n### Split alone: {title}\n")
    print(f"{told['mb'] / told['best']:.1f} MB/s; {told['stories']:,} stories, ", end="")
    print(f"{told['chrome']:,} chrome spans of {told['mb']:.0f} MB; peak {told['peak']:.0f} MiB\n")
    print("| stage | ms per MB | share |\n|---|---:|---:|")
    whole = sum(told["stages"].values())
    for stage, seconds in sorted(told["stages"].items(), key=lambda item: -item[1]):
        print(
            f"| {stage} | {1000 * seconds / told['mb']:.1f} | {seconds / whole:.0%} |", flush=True
        )


def _print_landed(megabytes: float, folder: str) -> None:
    """Print the steps beside the pandas script, both over the same inbox."""
    told = _ask("landed", megabytes, folder)
    pandas = run_alone(["benchmarks.plain_pandas", f"{folder}/inbox", f"{folder}/pandas"])
    whole = sum(told["steps"].values())
    print("\n### Pages to landed and published\n")
    print("| step | CPU s | MB/s |\n|---|---:|---:|")
    work = whole - told["steps"]["imports"]
    edited = sum(told["steps"][name] for name in ("split", "judge", "land"))
    rows = {
        **told["steps"], "split, judge, land": edited, "all but imports": work, "all": whole,
        "pandas script": pandas.cpu,
    }  # fmt: skip
    for name, seconds in rows.items():
        print(f"| {name} | {seconds:.2f} | {told['mb'] / seconds:.1f} |")
    print(f"\npeak {told['peak']:.0f} MiB; pandas {pandas.peak:.0f} MiB. ", end="")
    print(f"All takes {whole / pandas.cpu:.1f} times the CPU of the script.", flush=True)


def _print_growth(told: dict[str, Any]) -> None:
    print("\n### Growth\n\n| page | CPU s | CPU s, twice as large | ratio |\n|---|---:|---:|---:|")
    for name, (once, twice) in told["growth"].items():
        print(f"| {name} | {once:.2f} | {twice:.2f} | {twice / once:.2f} |")


def _measure_split(pages: Pages) -> dict[str, Any]:
    """Split pages ROUNDS times; give the best round and each stage's best."""
    from include.splitter import split

    batch, size = _batch(pages)
    split.split_pages(batch.slice(0, 20))  # models and patterns are loaded once a process
    spent = _watch(split)
    rounds, walls, stages = [], [], []
    for _ in range(ROUNDS):
        spent.clear()
        began, began_at = time.process_time(), time.monotonic()
        found = split.split_pages(batch)
        rounds.append(time.process_time() - began)
        walls.append(time.monotonic() - began_at)
        stages.append(dict(spent))
    best = {stage: min(one.get(stage, 0.0) for one in stages) for stage in stages[0]}
    counts = {"stories": found.stories.num_rows, "chrome": found.chrome.num_rows}
    told = {"mb": size / 1e6, "best": min(rounds), "best_wall": min(walls), "stages": best}
    return {**told, **counts}


def _watch(module: Any) -> dict[str, float]:
    """Count the CPU seconds that a module's stages spend themselves, from now on."""
    spent: dict[str, float] = defaultdict(float)
    inner: list[float] = []

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            inner.append(0.0)
            began = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.process_time() - began
                spent[stage] += whole - inner.pop()
                if inner:
                    inner[-1] += whole

        return run

    for name, stage in STAGES.items():
        if hasattr(module, name):
            setattr(module, name, timed(stage, getattr(module, name)))
    return spent


def _batch(pages: Pages) -> tuple[Any, int]:
    """Give pages as `split_pages` takes them, and their bytes of UTF-8."""
    import pyarrow as pa

    names, texts = zip(*pages, strict=True)
    ids = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    columns = {"page_id": ids, "name": names, "outcome": ["taken"] * len(ids), "text": texts}
    return pa.table(columns), sum(len(text.encode()) for text in texts)


def _split_made(megabytes: float, folder: Path) -> dict[str, Any]:
    return _measure_split(make_pages(round(megabytes * 1e6)))


def _split_labelled(megabytes: float, folder: Path) -> dict[str, Any]:
    return _measure_split(repeat_labelled(LABELLED, round(megabytes * 1e6)))


def _land(megabytes: float, folder: Path) -> dict[str, Any]:
    """Run the steps of `python -m include ingest` in this process; give each one's CPU seconds."""
    from include.config.settings import Settings
    from include.pipeline import steps
    from include.pipeline.receipt_types import IntakeReceipt
    from include.pipeline.receipts import read_receipt

    settings = Settings(home=folder / "home", inbox=folder / "inbox", settle_s=0.0)
    spent: dict[str, float] = defaultdict(float)

    def run(name: str, step: Callable[..., Any], *args: Any) -> Any:
        began = time.process_time()
        receipt = step(*args)
        spent[name] += time.process_time() - began
        return receipt

    spent["imports"] = _import_all()
    now = datetime.now(UTC)
    taken = run("intake", steps.intake, settings, "benchmark", now)
    split = [
        run("split", steps.split, batch) for batch in read_receipt(taken, IntakeReceipt).batches
    ]
    judged = [run("judge", steps.judge, receipt) for receipt in split]
    gated = run("gate", steps.gate, settings, taken, judged)
    run("land", steps.land, settings, gated, datetime.now(UTC))
    run("publish", steps.publish, settings)
    size = sum(path.stat().st_size for path in (folder / "inbox").rglob("*.txt"))
    return {"mb": size / 1e6, "steps": spent}


def _import_all() -> float:
    """Import what the steps import when first called; give the CPU seconds."""
    began = time.process_time()
    import great_expectations  # noqa: F401

    from include.lake.landing import land, rows  # noqa: F401
    from include.splitter.split import split_pages

    split_pages(_batch([("one", "A Headline of Some Words\n\nA sentence long enough to ask.")])[0])
    return time.process_time() - began


def _measure_growth(megabytes: float, folder: Path) -> dict[str, Any]:
    """Split one long line and many short ones, each once and at twice the size."""
    from include.splitter.split import split_pages

    split_pages(_batch([("warm", "A Headline of Some Words\n\nA sentence.")])[0])
    sentence = "The council voted on Tuesday to keep the night ferry. "
    grown = {}
    for name, one, times in (
        ("10 MB on one line", sentence, 10_000_000 // len(sentence)),
        ("200,000 short lines", "Skip to the harbour\n", 200_000),
    ):
        batches = [_batch([("page", one * (times * k))])[0] for k in (1, 2)]
        grown[name] = [
            min(_seconds(split_pages, batch) for _ in range(ROUNDS)) for batch in batches
        ]
    return {"growth": grown}


def _seconds(function: Callable[[Any], Any], given: Any) -> float:
    began = time.process_time()
    function(given)
    return time.process_time() - began


PARTS = {
    "made": _split_made,
    "labelled": _split_labelled,
    "landed": _land,
    "growth": _measure_growth,
}

if __name__ == "__main__":
    main()
