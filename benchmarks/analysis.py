"""
Measure how copies are found: planted copies of invented stories, beside rensa's and datasketch's
own search at equal settings.

    python -m benchmarks.analysis [--stories 2000] [--texts FILE.jsonl]

Each kind of change is planted once per base story. Base stories that resemble one another are no
copies: every fourth has the notice of 16 words that others have, every fifth quotes 30 words that
another quotes too. A found pair that was not planted, directly or by way of its base, is wrong.
The other tools get the same shingles, 128 values, 64 bands of 2, and the threshold on the estimated
similarity that gives them their best F1; datasketch is skipped where it is not installed. Times are
CPU seconds. `--texts` takes the field `text` of JSON lines instead of invented words;
real texts hold copies that nobody planted: they make the other tools' thresholds too high, and the
precision is not given.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from include.analysis.duplicates.candidates import PAIR, find_candidates
from include.analysis.duplicates.pairs import compare_texts
from include.analysis.duplicates.shingles import Shingles, list_words, make_shingles
from include.analysis.duplicates.signatures import SEED, SLOTS, sign_stories

VOCABULARY = 20_000
PARAGRAPHS, WORDS = 8, 40  # of a story, and of a paragraph
NOTICE_WORDS, QUOTE_WORDS = 16, 30
THRESHOLDS = [step / 100 for step in range(4, 40, 2)]
Pair = tuple[int, int]
Story = list[list[str]]


def invent(count: int, dice: random.Random) -> list[Story]:
    """Give stories of invented words, as frequent as words are (Zipf)."""
    words = [f"w{number}" for number in range(VOCABULARY)]
    weights = list(np.cumsum([1 / (number + 1) for number in range(VOCABULARY)]))

    def draw(number: int) -> list[str]:
        return dice.choices(words, cum_weights=weights, k=number)

    notice, stories = draw(NOTICE_WORDS), []
    for number in range(count):
        story = [draw(WORDS) for _ in range(PARAGRAPHS)]
        if number % 4 == 0:
            story.append(notice)
        if number % 5 == 0:
            quote = draw(QUOTE_WORDS)
            story.insert(2, quote)
        elif number % 5 == 1:
            story.insert(4, quote)
        stories.append(story)
    return stories


def change_words(share: float) -> Callable[[Story, Story, random.Random], Story]:
    """Give a change that replaces a share of the words by others."""

    def change(story: Story, other: Story, dice: random.Random) -> Story:
        pool = [word for paragraph in other for word in paragraph]
        return [
            [dice.choice(pool) if dice.random() < share else word for word in paragraph]
            for paragraph in story
        ]

    return change


def cut(story: Story, other: Story, dice: random.Random) -> Story:
    """Keep the first half of the paragraphs."""
    return story[: max(1, len(story) // 2)]


def reorder(story: Story, other: Story, dice: random.Random) -> Story:
    """Shuffle the paragraphs."""
    return dice.sample(story, len(story))


def surround(story: Story, other: Story, dice: random.Random) -> Story:
    """Put the story into a text that is three times as long."""
    own = [[word + mark for word in paragraph] for mark in "xyz" for paragraph in other]
    return [*own[:4], *story, *own[4:]]


CHANGES = {
    "5 % of words": change_words(0.05),
    "15 % of words": change_words(0.15),
    "30 % of words": change_words(0.30),
    "second half cut": cut,
    "other order": reorder,
    "part of another": surround,
}


def search_ours(bodies: Sequence[str]) -> set[Pair]:
    """Find pairs as the analysis does, from signatures to the comparison of texts."""
    stories = pa.table({"story_id": [str(n) for n in range(len(bodies))], "body": list(bodies)})
    signatures = sign_stories(stories)
    candidates = find_candidates(signatures, signatures)
    texts = pa.table({"text_id": signatures["text_id"], "body": stories["body"]})
    found = compare_texts(candidates, texts)
    first: dict[str, int] = {}
    exact = set()
    for number, text_id in enumerate(signatures["text_id"].to_pylist()):
        if first.setdefault(text_id, number) != number:
            exact.add((first[text_id], number))
    return exact | {order(first[row[PAIR[0]]], first[row[PAIR[1]]]) for row in found.to_pylist()}


def search_rensa(shingles: Shingles) -> dict[Pair, float]:
    """Find pairs with rensa's own index; the estimated similarity of each."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.1, num_perm=SLOTS, num_bands=SLOTS // 2)
    sketches = []
    for number in range(len(shingles.words)):
        sketch = RMinHash(SLOTS, SEED)
        sketch.update([str(value) for value in shingles.of(number)])
        index.insert(number, sketch)
        sketches.append(sketch)
    met = {order(n, m) for n, sketch in enumerate(sketches) for m in index.query(sketch) if n != m}
    return {(n, m): sketches[n].jaccard(sketches[m]) for n, m in met}


def search_datasketch(shingles: Shingles) -> dict[Pair, float]:
    """Find pairs with datasketch's index; the estimated similarity of each."""
    datasketch: Any = importlib.import_module("datasketch")
    index = datasketch.MinHashLSH(num_perm=SLOTS, params=(SLOTS // 2, 2))
    sketches = []
    for number in range(len(shingles.words)):
        sketch = datasketch.MinHash(SLOTS, SEED)
        sketch.update_batch([value.tobytes() for value in shingles.of(number)])
        index.insert(number, sketch)
        sketches.append(sketch)
    met = {order(n, m) for n, sketch in enumerate(sketches) for m in index.query(sketch) if n != m}
    return {(n, m): sketches[n].jaccard(sketches[m]) for n, m in met}


def order(one: int, other: int) -> Pair:
    """Give two numbers in order."""
    return (one, other) if one < other else (other, one)


def score(
    found: Iterable[Pair], planted: dict[str, set[Pair]], fine: set[Pair]
) -> dict[str, float]:
    """Give the recall per change and the precision of all; `fine` pairs count for neither."""
    pairs = set(found)
    wanted = set().union(*planted.values())
    right = len(pairs & wanted)
    wrong = len(pairs - wanted - fine)
    recall = {name: len(pairs & own) / len(own) for name, own in planted.items()}
    return {**recall, "precision": right / max(right + wrong, 1)}


def best_of(scored: dict[Pair, float], planted: dict[str, set[Pair]], fine: set[Pair]) -> float:
    """Give the threshold with the best F1."""
    wanted = set().union(*planted.values())

    def measure(threshold: float) -> float:
        pairs = {pair for pair, value in scored.items() if value >= threshold}
        return 2 * len(pairs & wanted) / (len(pairs - fine) + len(wanted))

    return max(THRESHOLDS, key=measure)


def join(story: Story) -> str:
    """Give the body of a story."""
    return "\n\n".join(map(" ".join, story))


def read_bases(path: Path | None, count: int, dice: random.Random) -> list[Story]:
    """Give the base stories: invented, or of a file, each with its paragraphs' words."""
    if path is None:
        return invent(count, dice)
    lines = path.read_text(encoding="utf-8").splitlines()[:count]
    texts = [json.loads(line)["text"] for line in lines]
    stories = [[part.split() for part in text.split("\n") if part.strip()] for text in texts]
    long = [story for story in stories if sum(map(len, story)) >= 60]
    bodies = pa.table({"story_id": list(map(str, range(len(long)))), "body": list(map(join, long))})
    text_ids = sign_stories(bodies)["text_id"].to_pylist()
    return list(dict(zip(text_ids, long, strict=True)).values())


def main() -> None:
    """Plant, search, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--texts", type=Path)
    arguments = parser.parse_args()
    dice = random.Random(7)
    bases = read_bases(arguments.texts, arguments.stories, dice)
    count = len(bases)
    stories = list(bases)
    planted: dict[str, set[Pair]] = {}
    for name, change in CHANGES.items():
        first = len(stories)
        for number, story in enumerate(bases):
            stories.append(change(story, bases[(number + 17) % count], dice))
        planted[name] = {(number, first + number) for number in range(count)}
    fine = {
        order(number + count * one, number + count * other)
        for number in range(count)
        for one in range(1, len(CHANGES) + 1)
        for other in range(one)
    }  # two changes of one base, which may have too little left in common
    bodies = list(map(join, stories))
    shingles = make_shingles(pl.DataFrame({"t": bodies}).select(list_words(pl.col("t")))["t"])
    print(f"{len(bodies):,} texts of {len(bases):,} stories")
    began = time.process_time()
    ours = score(search_ours(bodies), planted, fine)
    if arguments.texts:
        ours.pop("precision")
    report("Copydesk, from text", ours, time.process_time() - began)
    for tool, search in (("rensa", search_rensa), ("datasketch", search_datasketch)):
        if tool == "datasketch" and importlib.util.find_spec(tool) is None:
            print("datasketch is not installed")
            continue
        began = time.process_time()
        scored = search(shingles)
        took_s = time.process_time() - began
        threshold = best_of(scored, planted, fine)
        kept = (pair for pair, value in scored.items() if value >= threshold)
        figures = score(kept, planted, fine)
        if arguments.texts:
            figures.pop("precision")
        report(f"{tool}, {threshold:.2f}, from shingles", figures, took_s)


def report(name: str, figures: dict[str, float], took_s: float) -> None:
    """Print one line."""
    shares = "  ".join(f"{key} {100 * value:.1f}" for key, value in figures.items())
    print(f"{name}: {shares}  ({took_s:.1f} s)")


if __name__ == "__main__":
    main()
