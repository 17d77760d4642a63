"""
Find the texts that may copy one another, from their signatures alone.

Two ways: MinHash values that agree on a band (locality-sensitive hashing), for texts alike as a
whole; and paragraphs that both have word for word, for a short text inside a long one. Whether a
pair is a candidate depends on its two signatures only, so a pair is found whichever came first.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from include.analysis.duplicates.signatures import SLOTS

READS = ("text_id", "text_words", "minhash", "paragraphs", "paragraph_words")
MIN_WORDS = 20  # shorter texts are captions and notices, alike by chance or by custom
BAND = 2  # values per band: a similarity of 0.2 (30 % of words changed) agrees on one in 93 % of 64
MIN_AGREEING = 8  # of 128 values, a similarity of 0.06; unrelated texts have 0.001, so 0.1 values
MIN_COPIED = 0.3  # of the words of the shorter text, in paragraphs that the other has
PAIR = ("text_a", "text_b")


def find_candidates(new: pa.Table, known: pa.Table) -> pa.Table:
    """
    Find pairs of a new and a known text that may copy one another.

    Args:
        new, known: columns READS, each text once; they may overlap.
    Returns:
        text_a and text_b, text_a being the smaller id; each pair once, sorted.
    """
    left, right = (_long_enough(table) for table in (new, known))
    pairs = pl.concat([_alike(left, right), _sharing(left, right)])
    ordered = pairs.select(
        text_a=pl.min_horizontal("new", "known"), text_b=pl.max_horizontal("new", "known")
    )
    return ordered.unique().sort(PAIR).to_arrow()


def _long_enough(signatures: pa.Table) -> pl.DataFrame:
    frame = pl.DataFrame(signatures.select(list(READS)))
    return frame.filter(pl.col("text_words") >= MIN_WORDS)


def _alike(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs whose signatures agree on a band, and on MIN_AGREEING values in all."""
    mine, theirs = _matrix(new), _matrix(known)
    met = _bands(mine).join(_bands(theirs), on=["band", "key"], suffix="_known")
    pairs = met.select("row", "row_known").unique()
    at, at_known = (pairs[name].to_numpy() for name in pairs.columns)
    agreeing = np.empty(len(at), np.int64)
    for start in range(0, len(at), 100_000):  # 100 MB at a time
        part = slice(start, start + 100_000)
        agreeing[part] = (mine[at[part]] == theirs[at_known[part]]).sum(axis=1)
    close = agreeing >= MIN_AGREEING
    return _name(new["text_id"].gather(at[close]), known["text_id"].gather(at_known[close]))


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


def _sharing(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs that share paragraphs with MIN_COPIED of the shorter text's words."""
    met = _paragraphs(new).join(_paragraphs(known), on="paragraphs", suffix="_known")
    return _name(
        *met.group_by("text_id", "text_id_known")
        .agg(
            shared=pl.col("paragraph_words").sum(),
            shorter=pl.min_horizontal("text_words", "text_words_known").first(),
        )
        .filter(pl.col("shared") >= MIN_COPIED * pl.col("shorter"))
        .select("text_id", "text_id_known")
        .get_columns()
    )


def _paragraphs(signatures: pl.DataFrame) -> pl.DataFrame:
    """Give each paragraph of each text once, with its words."""
    listed = signatures.select("text_id", "text_words", "paragraphs", "paragraph_words")
    exploded = listed.explode("paragraphs", "paragraph_words")
    return exploded.unique(["text_id", "paragraphs"])


def _name(new: pl.Series, known: pl.Series) -> pl.DataFrame:
    pairs = pl.DataFrame({"new": new, "known": known})
    return pairs.filter(pl.col("new") != pl.col("known"))
