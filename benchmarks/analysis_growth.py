"""
Measure what an analysis costs as history grows: all of it at first, then a run of 100 stories.

    python -m benchmarks.analysis_growth [5000 20000 50000]

The stories are English words by their frequencies. One in five copies an earlier story, with 10 %
of its words changed or whole. Of the others half report on one of the events of its run or the run
before, forty of them in a run of 2,500: 15 % of their words are of twenty rare ones.
CPU seconds and peak memory of this process, which makes the lake in another.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import wordfreq

from benchmarks.analysis import VOCABULARY
from benchmarks.tending import fill_row
from include.config.settings import Settings
from include.lake.delta.tables import append_rows, create_tables
from include.pipeline import analysis, grouping, pairing, steps
from include.pipeline.analysis_receipts import ChooseReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import PAGES, RUNS, STORIES

DAY = datetime(2026, 11, 1, tzinfo=UTC)
PARAGRAPHS, WORDS = 8, 40
STORIES_A_RUN = 2_500
SMALL = 100
EVENTS = 40


def make_lake(root: Path, counts: list[int], first: int) -> None:
    """Land runs of so many stories, each story on a page of its own; number them from `first`."""
    dice = random.Random(first)
    shelf = root.with_name("originals.json")
    words, weights = zip(*list_frequencies(), strict=True)
    deck: list[str] = []
    kept: list[list[str]] = json.loads(shelf.read_text()) if shelf.exists() else []
    create_tables(root)
    for number, count in enumerate(counts, first):
        at = DAY + timedelta(hours=6 * number)
        stamps: dict[str, object] = {"run_id": f"run-{number:04d}", "ingested_at": at}
        run = stamps | {"ingest_day": at.date()}
        stories, pages = [], []
        for _ in range(count):
            if dice.random() < 0.2 and kept:
                change = dice.choice((0.0, 0.1))
                body = [
                    word if dice.random() >= change else dice.choice(words)
                    for word in dice.choice(kept)
                ]
            else:
                if len(deck) < PARAGRAPHS * WORDS:
                    deck = dice.choices(words, weights, k=2_000_000)
                body, deck = deck[: PARAGRAPHS * WORDS], deck[PARAGRAPHS * WORDS :]
                if dice.random() < 0.5:
                    event = events_of_run(number - dice.randrange(2), words)[dice.randrange(EVENTS)]
                    body = [dice.choice(event) if dice.random() < 0.15 else w for w in body]
                if len(kept) < 50_000:
                    kept.append(body)
            text = "\n\n".join(
                " ".join(body[start : start + WORDS]) for start in range(0, len(body), WORDS)
            )
            page_id, story_id = f"{dice.getrandbits(256):064x}", f"{dice.getrandbits(96):024x}"
            page = run | {"page_id": page_id}
            own = {"body": text, "body_chars": len(text), "outlet": f"Outlet {dice.randrange(40)}"}
            own |= {"language": "en", "headline": " ".join(body[:8])}
            stories.append(fill_row(STORIES, **page, **own, story_id=story_id))
            pages.append(fill_row(PAGES, **page, name=page_id, outcome="landed"))
        for kind, rows in ((STORIES, stories), (PAGES, pages)):
            append_rows(root, kind, pa.Table.from_pylist(rows, kind.schema()).to_batches(), {})
        done = fill_row(RUNS, **stamps, finished_at=at)
        append_rows(root, RUNS, pa.Table.from_pylist([done], RUNS.schema()).to_batches(), {})
    shelf.write_text(json.dumps(dice.sample(kept, min(len(kept), 2_000))))


def list_frequencies() -> list[tuple[str, float]]:
    """Give the commonest English words with their frequencies."""
    frequencies = wordfreq.get_frequency_dict("en", "best")
    return sorted(frequencies.items(), key=lambda item: -item[1])[:VOCABULARY]


@cache
def events_of_run(number: int, words: tuple[str, ...]) -> list[list[str]]:
    """Give the rare words of each event of a run."""
    dice = random.Random(f"events {number}")
    return [dice.choices(words[5_000:], k=20) for _ in range(EVENTS)]


def measure(settings: Settings, run_id: str) -> str:
    """Analyse and publish; give the CPU seconds of each step."""
    spent: dict[str, float] = {}
    began = time.process_time()

    def lap(name: str) -> None:
        nonlocal began
        spent[name], began = time.process_time() - began, time.process_time()

    chosen = analysis.choose(settings, run_id, DAY)
    lap("choose")
    parts = [analysis.analyze(settings, b) for b in read_receipt(chosen, ChooseReceipt).batches]
    lap("analyze")
    landed = analysis.land(settings, chosen, parts, DAY)
    lap("land")
    paired = pairing.pair(settings, landed, DAY)
    lap("pair")
    grouped = read_receipt(grouping.group(settings, paired, DAY), MartsReceipt)
    lap("group")
    steps.publish(settings)
    lap("publish")
    counts = {mart.mart: (mart.stories, mart.rows_added) for mart in grouped.marts}
    steps_s = "  ".join(f"{name} {took:.2f}" for name, took in spent.items())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{steps_s}  peak {peak_mb:.0f} MiB  {counts}"


def main() -> None:
    """Print two lines per size."""
    for total in [int(word) for word in sys.argv[1:]] or [5_000, 20_000, 50_000]:
        with tempfile.TemporaryDirectory() as folder:
            settings = replace(Settings(), home=Path(folder))
            settings.home.joinpath("lake").mkdir()
            counts = [STORIES_A_RUN] * (total // STORIES_A_RUN)
            land(settings, counts, 0)
            began = time.process_time()
            steps.publish(settings)
            print(f"{total:,} stories; publish without marts {time.process_time() - began:.2f}")
            print("  all:", measure(settings, "all"), flush=True)
            land(settings, [SMALL], len(counts))
            print(f"  {SMALL} more:", measure(settings, "more"), flush=True)


def land(settings: Settings, counts: list[int], first: int) -> None:
    """Make runs in a process of their own, whose memory is not counted."""
    place = settings.home / "lake"
    maker = multiprocessing.get_context("spawn").Process(
        target=make_lake, args=(place, counts, first)
    )
    maker.start()
    maker.join()


if __name__ == "__main__":
    main()
