"""
Fingerprint the bodies of stories, so that copies are found without reading the bodies again.

A headline does not count: each outlet writes its own.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl
import pyarrow as pa

# Scripts that put no spaces between words: each character counts as a word.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
SPACED = rf"[[\p{{L}}\p{{N}}]--[{UNSPACED}]][[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}]]*"
WORD = rf"[{UNSPACED}]\p{{M}}*|{SPACED}"
UNSEEN = "[\u00ad\u200b\u200c\u200d\u2060\ufeff]"  # soft hyphens, zero-width blanks and joiners
PARAGRAPH_END = "\n\n"


def sign_stories(stories: pa.Table) -> pa.Table:
    """
    Fingerprint the body of each story.

    Args:
        stories: columns story_id and body.
    Returns:
        One row per story, in order: story_id, text_id, text_words, paragraphs, paragraph_words.
    """
    bodies = pl.DataFrame(stories.select(["story_id", "body"]))
    paragraphs = (
        bodies.with_columns(paragraph=pl.col("body").str.split(PARAGRAPH_END))
        .explode("paragraph")
        .with_columns(words=_words(pl.col("paragraph")))
        .filter(pl.col("words").list.len() > 0)
        .with_columns(text=pl.col("words").list.join(" "), count=pl.col("words").list.len())
    )
    hashes = [_hash_number(text) for text in paragraphs["text"]]
    grouped = (
        paragraphs.with_columns(paragraph_hash=pl.Series(hashes, dtype=pl.Int64))
        .group_by("story_id", maintain_order=True)
        .agg(
            pl.col("text").str.join(" "),
            text_words=pl.col("count").sum().cast(pl.Int32),
            paragraphs="paragraph_hash",
            paragraph_words=pl.col("count").cast(pl.Int32),
        )
    )
    signed = bodies.select("story_id").join(
        grouped, on="story_id", how="left", maintain_order="left"
    )
    texts = signed["text"].fill_null("")
    return signed.select(
        "story_id",
        text_id=pl.Series([_hash_text(text) for text in texts], dtype=pl.String),
        text_words=pl.col("text_words").fill_null(0),
        paragraphs=pl.col("paragraphs").fill_null([]),
        paragraph_words=pl.col("paragraph_words").fill_null([]),
    ).to_arrow()


def _words(text: pl.Expr) -> pl.Expr:
    visible = text.str.replace_all(UNSEEN, "")
    return visible.str.normalize("NFKC").str.to_lowercase().str.extract_all(WORD)


def _hash_text(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _hash_number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
