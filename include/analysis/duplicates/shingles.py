"""
The words of texts, and their shingles: the hash of every three words in a row.

The hashes are computed here, not by Polars or DuckDB, because the lake keeps them for years and
theirs may change from version to version.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Two unrelated stories share 0.1 % of their shingles of three words, and 3 % of those of two.
SHINGLE_WORDS = 3
# Scripts that put no spaces between words: each character counts as a word.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
SPACED = rf"[[\p{{L}}\p{{N}}]--[{UNSPACED}]][[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}]]*"
WORD = rf"[{UNSPACED}]\p{{M}}*|{SPACED}"
UNSEEN = "[\u00ad\u200b\u200c\u200d\u2060\ufeff]"  # soft hyphens, zero-width blanks and joiners
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd, of xxHash

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Shingles:
    """
    The shingles of n texts: those of text i are `hashes[starts[i]:starts[i + 1]]`, in text order.

    words: how many words each text has. A text of one or two words has one shingle.
    """

    hashes: Hashes
    starts: Ints
    words: Ints

    def of(self, number: int) -> Hashes:
        """Return the shingles of one text, in order, with repeats."""
        return self.hashes[self.starts[number] : self.starts[number + 1]]


def list_words(text: pl.Expr) -> pl.Expr:
    """Give the words of each text: lower case, NFKC, without punctuation."""
    visible = text.str.replace_all(UNSEEN, "")
    return visible.str.normalize("NFKC").str.to_lowercase().str.extract_all(WORD)


def hash_text(text: str, size_bytes: int) -> int:
    """Return a hash of a text, as a signed number of so many bytes."""
    return int.from_bytes(blake2b(text.encode(), digest_size=size_bytes).digest(), signed=True)


def make_shingles(words: pl.Series) -> Shingles:
    """Return the shingles of texts; words: their lists of words, without nulls."""
    counts = words.list.len().to_numpy().astype(np.int64)
    flat = _hash_words(words.explode(empty_as_null=False))
    kept = np.maximum(counts - (SHINGLE_WORDS - 1), np.minimum(counts, 1))
    starts = np.concatenate([[0], np.cumsum(kept)])
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    at = np.arange(starts[-1]) - np.repeat(starts[:-1] - first, kept)
    ends = np.repeat(first + counts, kept)
    mixed = np.zeros(len(at), np.uint64)
    for step, factor in enumerate(FACTORS):
        inside = at + step < ends
        mixed[inside] += flat[(at + step)[inside]] * np.uint64(factor)
    return Shingles(_scramble(mixed), starts, counts)


def _hash_words(words: pl.Series) -> Hashes:
    """Hash each of many words; equal words are hashed once."""
    distinct = words.unique().alias("word")
    numbers = [hash_text(word, 8) for word in distinct]
    table = pl.DataFrame({"word": distinct, "hash": pl.Series(numbers, dtype=pl.Int64)})
    joined = (
        words.alias("word").to_frame().join(table, on="word", how="left", maintain_order="left")
    )
    return joined["hash"].to_numpy().view(np.uint64)


def _scramble(values: Hashes) -> Hashes:
    """Spread each value over all 64 bits (the end of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
