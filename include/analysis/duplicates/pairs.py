"""
Compare the texts of candidate pairs word for word, and keep those that are copies.

The figures of a pair depend on its two texts only.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from include.analysis.duplicates.shingles import SHINGLE_WORDS, Shingles, list_words, make_shingles

PAIRS_VERSION = "1"
NEAR, CONTAINED = "near", "contained"
# With 30 % of the words changed at random, 55 % of all words are still in a shared run of three; at
# least 35 % are, in 98 of 100 texts. Reports of one event by different writers share 10 %.
NEAR_SHARE = 0.35
CONTAINED_SHARE = 0.5
# A copyright notice of 16 words can be half of a brief.
CONTAINED_WORDS = 30
PAIR_SCHEMA = {
    "text_a": pl.String, "text_b": pl.String, "kind": pl.String, "words_a": pl.Int32,
    "words_b": pl.Int32, "shared_a": pl.Int32, "shared_b": pl.Int32, "similarity": pl.Float64,
}  # fmt: skip


def compare_texts(candidates: pa.Table, bodies: pa.Table) -> pa.Table:
    """
    Compare the texts of each pair.

    Args:
        candidates: text_a and text_b. bodies: text_id and body, each text once; a pair with a text
            that is missing there is left out.
    Returns:
        The pairs that are copies, in order: the columns of `text_pairs` except the analysis.
    """
    texts = pl.DataFrame(bodies).sort("text_id")
    compared = _Texts(make_shingles(texts.select(list_words(pl.col("body")))["body"]))
    numbers = {text_id: number for number, text_id in enumerate(texts["text_id"])}
    rows = []
    for text_a, text_b in pl.DataFrame(candidates).select("text_a", "text_b").iter_rows():
        if text_a not in numbers or text_b not in numbers:
            continue
        a, b = numbers[text_a], numbers[text_b]
        words = compared.words[a], compared.words[b]
        shared = compared.count_shared(a, b), compared.count_shared(b, a)
        kind = _classify(words, shared)
        if kind:
            rows.append((text_a, text_b, kind, *words, *shared, compared.measure_resemblance(a, b)))
    return pl.DataFrame(rows, schema=PAIR_SCHEMA, orient="row").to_arrow()


def drop_round_ups(pairs: pa.Table) -> pa.Table:
    """
    Give the pairs that connect their texts into one cluster, as `marts.duplicate_stories` has it.

    A text that contains two texts which are not a pair is a round-up, and connects nothing.

    Args:
        pairs: text_a, text_b, kind, words_a, words_b, shared_a, shared_b.
    Returns:
        text_a and text_b, in the order given.
    """
    frame = pl.DataFrame(pairs).with_row_index("at")
    is_a_part = pl.col("shared_a") / pl.col("words_a") >= pl.col("shared_b") / pl.col("words_b")
    parts = frame.filter(pl.col("kind") == CONTAINED).select(
        "at",
        whole=pl.when(is_a_part).then("text_b").otherwise("text_a"),
        part=pl.when(is_a_part).then("text_a").otherwise("text_b"),
    )
    both = parts.join(parts, on="whole", suffix="_b").filter(pl.col("part") < pl.col("part_b"))
    unpaired = both.join(
        frame, left_on=["part", "part_b"], right_on=["text_a", "text_b"], how="anti"
    )
    dropped = parts.join(unpaired, on="whole", how="semi")
    return frame.join(dropped, on="at", how="anti").select("text_a", "text_b").to_arrow()


class _Texts:
    """Texts to compare, each held as the numbers of its shingles."""

    def __init__(self, shingles: Shingles) -> None:
        distinct, numbers = np.unique(shingles.hashes, return_inverse=True)
        self._texts = np.split(numbers, shingles.starts[1:-1])
        self._distinct = [np.unique(text) for text in self._texts]
        self._marks = np.zeros(len(distinct), np.bool_)  # by number; all false between calls
        self.words: list[int] = shingles.words.tolist()

    def count_shared(self, ours: int, theirs: int) -> int:
        """Count the words of a text that are in a shingle which the other has too."""
        hit = self._mark(self._texts[ours], theirs)
        shared = np.zeros(max(self.words[ours], len(hit)), np.bool_)
        for step in range(min(SHINGLE_WORDS, self.words[ours])):
            shared[step : step + len(hit)] |= hit[: len(shared) - step]
        return int(shared.sum())

    def measure_resemblance(self, ours: int, theirs: int) -> float:
        """Give the share of distinct shingles that two texts have in common (Broder 1997)."""
        common = int(self._mark(self._distinct[ours], theirs).sum())
        either = len(self._distinct[ours]) + len(self._distinct[theirs]) - common
        return common / max(either, 1)

    def _mark(self, shingles: NDArray[np.int64], theirs: int) -> NDArray[np.bool_]:
        """Tell for each shingle whether a text has it."""
        self._marks[self._distinct[theirs]] = True
        hit = self._marks[shingles]
        self._marks[self._distinct[theirs]] = False
        return hit


def _classify(words: tuple[int, int], shared: tuple[int, int]) -> str | None:
    """Classify a pair of texts: near or contained; None if neither copies the other."""
    shares = [own / max(count, 1) for own, count in zip(shared, words, strict=True)]
    if min(shares) >= NEAR_SHARE:
        return NEAR
    if max(shares) >= CONTAINED_SHARE and max(shared) >= CONTAINED_WORDS:
        return CONTAINED
    return None
