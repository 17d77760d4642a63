"""
Find the texts that may copy one another, from their signatures alone.

Two ways: MinHash values that agree on a band (locality-sensitive hashing), for texts that are
similar as a whole; and paragraphs that both have word for word, for a short text inside a long one.
Whether a pair is a candidate depends on its two signatures only, so it does not matter which text
came first.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from include.analysis.duplicates.signatures import SLOTS

READS = ("text_id", "text_words", "minhash", "paragraphs", "paragraph_words")
MIN_WORDS = 20  # shorter texts are captions and notices, similar by chance or convention
# Values per band. At a similarity of 0.2 (30 % of the words changed), 93 % of the pairs agree on at
# least one of the 64 bands.
BAND = 2
MIN_AGREEING = 8  # of 128 values: a similarity of 0.06; unrelated texts have 0.001, or 0.1 values
MIN_COPIED = 0.3  # of the words of the shorter text, in paragraphs that the other has
PAIR = ("text_a", "text_b")


def find_candidates(new: pa.Table, others: pa.Table) -> pa.Table:
    """
    Find pairs of a new and another text that may copy one another.

    Args:
        new, others: columns READS, each text once; they may overlap.
    Returns:
        text_a and text_b, text_a being the smaller id; each pair once, sorted.
    """
    left, right = (_long_enough(table) for table in (new, others))
    pairs = pl.concat([_pair_by_bands(left, right), _pair_by_paragraphs(left, right)])
    ordered = pairs.select(
        text_a=pl.min_horizontal("new", "other"), text_b=pl.max_horizontal("new", "other")
    )
    return ordered.unique().sort(PAIR).to_arrow()


def _long_enough(signatures: pa.Table) -> pl.DataFrame:
    frame = pl.DataFrame(signatures.select(list(READS)))
    return frame.filter(pl.col("text_words") >= MIN_WORDS)


def _pair_by_bands(new: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs whose signatures agree on a band, and on MIN_AGREEING values in all."""
    new_values, other_values = _matrix(new), _matrix(others)
    shared = _bands(new_values).join(_bands(other_values), on=["band", "key"], suffix="_other")
    pairs = shared.select("row", "row_other").unique()
    at, at_other = (pairs[name].to_numpy() for name in pairs.columns)
    agreeing = np.empty(len(at), np.int64)
    for start in range(0, len(at), 100_000):  # 100 MB at a time
        part = slice(start, start + 100_000)
        agreeing[part] = (new_values[at[part]] == other_values[at_other[part]]).sum(axis=1)
    close = agreeing >= MIN_AGREEING
    return _name(new["text_id"].gather(at[close]), others["text_id"].gather(at_other[close]))


def _matrix(signatures: pl.DataFrame) -> NDArray[np.int32]:
    """Give the MinHash values, one row per text."""
    return signatures["minhash"].explode(empty_as_null=False).to_numpy().reshape(-1, SLOTS)


def _bands(values: NDArray[np.int32]) -> pl.DataFrame:
    """Give the bands of each text: row, band, key."""
    keys = np.ascontiguousarray(values).view(np.int64)
    rows, bands = keys.shape
    return pl.DataFrame(
        {
            "row": np.repeat(np.arange(rows, dtype=np.uint32), bands),
            "band": np.tile(np.arange(bands, dtype=np.uint8), rows),
            "key": keys.ravel(),
        }
    )


def _pair_by_paragraphs(new: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs that share paragraphs with MIN_COPIED of the shorter text's words."""
    shared = _paragraphs(new).join(_paragraphs(others), on="paragraphs", suffix="_other")
    return _name(
        *shared.group_by("text_id", "text_id_other")
        .agg(
            shared=pl.col("paragraph_words").sum(),
            shorter=pl.min_horizontal("text_words", "text_words_other").first(),
        )
        .filter(pl.col("shared") >= MIN_COPIED * pl.col("shorter"))
        .select("text_id", "text_id_other")
        .get_columns()
    )


def _paragraphs(signatures: pl.DataFrame) -> pl.DataFrame:
    """Give each paragraph of each text once, with its number of words."""
    listed = signatures.select("text_id", "text_words", "paragraphs", "paragraph_words")
    exploded = listed.explode("paragraphs", "paragraph_words")
    return exploded.unique(["text_id", "paragraphs"])


def _name(new: pl.Series, others: pl.Series) -> pl.DataFrame:
    """Name the texts of pairs, and drop the pairs of a text with itself."""
    pairs = pl.DataFrame({"new": new, "other": others})
    return pairs.filter(pl.col("new") != pl.col("other"))
