"""
Weigh the words of stories, so that stories of the same event are similar.

A word weighs more the rarer it is in its language, by the tables of the package wordfreq, which do
not depend on the stories that have landed. So the vector of a story never changes.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.metadata import version

import numpy as np
import polars as pl
import pyarrow as pa
import wordfreq

from include.analysis.duplicates.shingles import list_words

TERMS_VERSION = f"1-wordfreq{version('wordfreq')}"
# Chosen on the labelled sets by `python -m benchmarks.event_quality`; docs/analysis.md has figures.
MOST_TERMS = 150
MIN_TERMS = 8  # stories with fewer are captions and notices, similar by convention
HEADLINE_WEIGHT = 4  # occurrences that a word of the headline counts for
LEAD_WORDS = 100  # the first words of the body count twice
COMMON = 2.5  # -log10 of the frequency: words like “from” and “which” weigh nothing
RAREST = 8.0  # the same for words that are not in the table; it ends at 7.5
# languages that share a table of wordfreq
SAME_WORDS = {"no": "nb", "nn": "nb", "hr": "sh", "sr": "sh", "bs": "sh", "tl": "fil"}
SCALE = 10_000  # weights are whole numbers, so that sums do not depend on their order
READS = ("story_id", "headline", "body", "language", "published_at", "ingested_at")


def find_story_terms(stories: pa.Table) -> pa.Table:
    """
    Give the most distinctive words of each story.

    Args:
        stories: columns READS.
    Returns:
        One row per story, in order: the columns of `story_terms`.
    """
    frame = pl.DataFrame(stories.select(list(READS)))
    counted = _count_words(frame)
    weighed = _weigh(counted, frame.select("story_id", "language"))
    listed = weighed.group_by("story_id", maintain_order=True).agg("terms", "weights")
    rows = frame.select("story_id", "published_at", "ingested_at").join(
        listed, on="story_id", how="left", maintain_order="left"
    )
    filled = rows.with_columns(pl.col("terms").fill_null([]), pl.col("weights").fill_null([]))
    ids = [_identify(*row) for row in filled.iter_rows()]
    return filled.select(
        "story_id", pl.Series("vector_id", ids, pl.String), "published_at", "ingested_at",
        "terms", "weights",
    ).to_arrow()  # fmt: skip


def _count_words(stories: pl.DataFrame) -> pl.DataFrame:
    """Count the words of each story: story_id, terms, count."""
    words = stories.select(
        "story_id",
        headline=list_words(pl.col("headline").fill_null("")),
        body=list_words(pl.col("body").fill_null("")),
    )
    parts = [
        words.select("story_id", terms=pl.col(name), count=pl.lit(count, pl.Int64))
        for name, count in (("headline", HEADLINE_WEIGHT), ("body", 1))
    ]
    lead = words.select("story_id", terms=pl.col("body").list.head(LEAD_WORDS), count=pl.lit(1))
    exploded = pl.concat([*parts, lead.cast({"count": pl.Int64})]).explode("terms").drop_nulls()
    return exploded.group_by("story_id", "terms").agg(pl.col("count").sum())


def _weigh(counted: pl.DataFrame, languages: pl.DataFrame) -> pl.DataFrame:
    """Give the MOST_TERMS heaviest terms of each story, in order, with weights of SCALE."""
    spoken = counted.join(languages, on="story_id")
    distinct = spoken.select("language", "terms").unique()
    rarity = [rate_word(word, language) for language, word in distinct.iter_rows()]
    rated = spoken.join(
        distinct.with_columns(rarity=pl.Series(rarity, dtype=pl.Float64)),
        on=["language", "terms"],
        nulls_equal=True,
    ).filter(pl.col("rarity") > 0)
    heavy = (
        rated.with_columns(
            weight=((1 + pl.col("count").log()) * pl.col("rarity") * 1000).round().cast(pl.Int64)
        )
        .sort(["story_id", "weight", "terms"], descending=[False, True, False])
        .group_by("story_id", maintain_order=True)
        .head(MOST_TERMS)
    )
    length = (pl.col("weight") ** 2).sum().over("story_id").cast(pl.Float64).sqrt()
    scaled = (pl.col("weight") * SCALE / length).round().cast(pl.Int32)
    return heavy.select("story_id", "terms", weights=scaled)


def rate_word(word: str, language: str | None) -> float:
    """Return how distinctive a word is: 0 for common words, and in languages without a table."""
    table = _read_frequencies(language)
    if not table:
        return 0.0
    if word.isdecimal() and len(word) < 3:
        return 2.0  # days, ages and sums occur in all stories
    frequency = table.get(word)
    rarity = RAREST if frequency is None else -float(np.log10(frequency))
    return max(min(rarity, RAREST) - COMMON, 0.0)


@cache  # wordfreq keeps its tables in memory too; English has 320,000 words: 40 MB
def _read_frequencies(language: str | None) -> dict[str, float]:
    """Return the share of each word in a language (ISO 639-1); empty if wordfreq has none."""
    name = SAME_WORDS.get(language or "", language)
    if name not in wordfreq.available_languages("best"):
        return {}  # wordfreq would take the nearest language: English for Georgian
    table: dict[str, float] = wordfreq.get_frequency_dict(name, "best")
    return table


def _identify(
    story_id: str, published_at: object, ingested_at: object, terms: list[str], weights: list[int]
) -> str:
    """Give 24 hex digits for terms, weights and times; for few terms, for the story."""
    short_story_id = story_id if len(terms) < MIN_TERMS else ""
    parts = (short_story_id, str(published_at), str(ingested_at), terms, weights)
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()
