"""
Fingerprint the bodies of stories, so that copies are found without reading the bodies again.

A headline does not count: each outlet writes its own.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from rensa import RMinHash

from include.analysis.duplicates.shingles import hash_text, list_words, make_shingles

SLOTS = 128  # a similarity of 0.2 is then estimated with a standard deviation of 0.035
SEED = 1
PARAGRAPH_END = "\n\n"
# Rensa raises its number when its signatures change; all stories are then signed again.
SIGNATURE_VERSION = f"1-rensa{RMinHash.ALGORITHM_VERSION}"


def sign_stories(stories: pa.Table) -> pa.Table:
    """
    Fingerprint the body of each story.

    Args:
        stories: columns story_id and body.
    Returns:
        One row per story, in order: story_id, text_id, text_words, paragraphs, paragraph_words,
        minhash.
    """
    bodies = pl.DataFrame(stories.select(["story_id", "body"]))
    paragraphs = (
        bodies.with_columns(paragraph=pl.col("body").str.split(PARAGRAPH_END))
        .explode("paragraph")
        .with_columns(words=list_words(pl.col("paragraph")))
        .filter(pl.col("words").list.len() > 0)
    )
    plain = paragraphs.select(pl.col("words").list.join(" "))["words"]
    hashes = pl.Series([hash_text(text, 8) for text in plain], dtype=pl.Int64)
    grouped = (
        paragraphs.with_columns(paragraph_hash=hashes, count=pl.col("words").list.len())
        .group_by("story_id", maintain_order=True)
        .agg(
            words=pl.col("words").list.explode(),
            paragraphs="paragraph_hash",
            paragraph_words=pl.col("count").cast(pl.Int32),
        )
    )
    order = bodies.select("story_id")
    signed = order.join(grouped, on="story_id", how="left", maintain_order="left")
    words = signed["words"].fill_null([])
    return signed.select(
        "story_id",
        text_id=_identify(words),
        text_words=words.list.len().cast(pl.Int32),
        paragraphs=pl.col("paragraphs").fill_null([]),
        paragraph_words=pl.col("paragraph_words").fill_null([]),
        minhash=_sign(words),
    ).to_arrow()


def _identify(words: pl.Series) -> pl.Series:
    """Give 24 hex digits per text: a hash of its words; paragraphs make no difference."""
    texts = words.list.join(" ")
    return pl.Series([f"{hash_text(text, 12) % 2**96:024x}" for text in texts], dtype=pl.String)


def _sign(words: pl.Series) -> pl.Series:
    """Give SLOTS MinHash values per text; an empty list for a text without words."""
    shingles = make_shingles(words)
    if not len(words):
        return pl.Series([], dtype=pl.List(pl.Int32))
    starts = shingles.starts.astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(shingles.hashes, starts, SLOTS, SEED)
    values = np.array(matrix.to_rows(), dtype=np.uint32).view(np.int32)
    rows = pl.Series(values, dtype=pl.Array(pl.Int32, SLOTS)).cast(pl.List(pl.Int32))
    return rows.zip_with(pl.Series(shingles.words > 0), pl.Series([[]], dtype=rows.dtype))
