"""
Check spans against the text: every non-blank character lies in exactly one span.

Works on arrays of the code points of several pages; never loops over characters or spans in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.errors import TallyUnbalanced
from include.model import BLANKS

Ints = NDArray[np.int64]
DELETE = 0x7F  # ASCII's last; below it, only the space and the characters before it are blank
CHUNK_CHARS = 2**20  # about 15 MB of arrays; a larger page forms its own chunk


@dataclass(frozen=True)
class _Chunk:
    """Some pages end to end. first: each page's start, then the end of the last (characters)."""

    names: list[str]
    first: Ints
    inked: NDArray[np.int32]  # inked[i]: characters before i that are not blank

    def ink(self, begin: Ints, end: Ints) -> Ints:
        """Count the characters in [begin, end) that are not blank; 0 where end < begin."""
        counted: Ints = np.maximum(self.inked[end].astype(np.int64) - self.inked[begin], 0)
        return counted


def count_characters(pages: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """
    Count each page's non-blank characters in stories and in chrome.

    Args:
        pages: page_id (unique), name, text. spans: page_id, start, end, is_story.
    Returns:
        page_id, page_chars (all characters), story_chars, chrome_chars; in the order of `pages`.
    Raises:
        TallyUnbalanced: a character lies in no span or in two, a span extends beyond its page, a
        span belongs to no page of this batch, or a page occurs twice.
    """
    numbered = pages.with_row_index("page").with_columns(chars=pl.col("text").str.len_chars())
    if numbered["page_id"].n_unique() != numbered.height:
        raise TallyUnbalanced(
            "pages of a batch", numbered.height, "Report this run: a page was taken twice."
        )
    placed = spans.join(numbered.select("page_id", "page", "chars"), on="page_id", how="left")
    _check_bounds(placed)
    counts = [_count_chunk(part, placed) for part in _share_out(numbered)]
    empty = pl.DataFrame(schema=dict.fromkeys(COUNTED, pl.Int32))
    counted = pl.concat(counts) if counts else empty
    return pl.concat([numbered.select("page_id"), counted], how="horizontal")


COUNTED = ("page_chars", "story_chars", "chrome_chars")


def _check_bounds(placed: pl.DataFrame) -> None:
    """Raise for spans whose page is not in the batch, and spans that extend beyond their page."""
    inside = (pl.col("start") >= 0) & (pl.col("start") <= pl.col("end"))
    kept = (inside & (pl.col("end") <= pl.col("chars"))).fill_null(False)
    astray = placed.filter(~kept)
    if astray.height:
        raise TallyUnbalanced(
            "span outside its page",
            astray.row(0),
            "Report this page: the splitter gave a wrong span.",
        )


def _share_out(pages: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut the pages into chunks of about `CHUNK_CHARS`, in order."""
    chunk = (pages["chars"].cast(pl.Int64).cum_sum() // CHUNK_CHARS).alias("chunk")
    for _, part in pages.group_by(chunk, maintain_order=True):
        yield part


def _count_chunk(pages: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    base, count = int(pages["page"][0]), pages.height
    spans = placed.filter(pl.col("page").is_between(base, base + count - 1)).sort("page", "start")
    codes = np.frombuffer("".join(pages["text"]).encode("utf-32-le"), dtype=np.uint32)
    inked = np.zeros(len(codes) + 1, dtype=np.int32)
    np.cumsum(_find_ink(codes), out=inked[1:])
    first = np.concatenate(([0], pages["chars"].cast(pl.Int64).cum_sum().to_numpy()))
    chunk = _Chunk(pages["name"].to_list(), first, inked)
    page = spans["page"].cast(pl.Int64).to_numpy() - base
    begin, end = first[page] + spans["start"].to_numpy(), first[page] + spans["end"].to_numpy()
    is_story = spans["is_story"].to_numpy()
    ink = chunk.ink(begin, end)
    story = np.bincount(page[is_story], ink[is_story], count).astype(np.int32)
    chrome = np.bincount(page[~is_story], ink[~is_story], count).astype(np.int32)
    _check_partition(chunk, begin, end, story, chrome)
    lengths = np.diff(first).astype(np.int32)
    return pl.DataFrame(dict(zip(COUNTED, (lengths, story, chrome), strict=True)))


def _check_partition(
    chunk: _Chunk, begin: Ints, end: Ints, story: NDArray[np.int32], chrome: NDArray[np.int32]
) -> None:
    """Raise at the first character that lies in no span, or in two; `begin` ascends."""
    last = chunk.first[-1]
    reached = np.maximum.accumulate(np.concatenate(([0], end)))
    missed = chunk.ink(reached, np.append(begin, last))
    doubled = chunk.ink(begin, np.minimum(reached[:-1], end))
    if not missed.any() and not doubled.any():
        return
    starts = np.concatenate((reached[missed > 0], begin[doubled > 0]))
    at = np.searchsorted(chunk.inked, chunk.inked[starts.min()] + 1) - 1
    page = int(np.searchsorted(chunk.first, at, side="right")) - 1
    whole = int(chunk.ink(chunk.first[page : page + 1], chunk.first[page + 1 : page + 2])[0])
    raise TallyUnbalanced(
        f"non-blank characters of page {chunk.names[page]!r} (page, story, chrome)",
        (whole, int(story[page]), int(chrome[page])),
        f"Report this page: character {int(at - chunk.first[page])} lies in no span, or in two.",
    )


def _find_ink(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Mark each code point that is not blank; ASCII, the common case, needs no table."""
    ink: NDArray[np.bool_] = codes > ord(" ")
    beyond = np.flatnonzero(codes >= DELETE)
    ink[beyond] = ~_blanks()[codes[beyond]]
    return ink


@cache
def _blanks() -> NDArray[np.bool_]:
    """Return a table of all code points, true for the blank ones."""
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[ord(char) for char in re.findall(BLANKS, "".join(map(chr, range(0xFFFF))))]] = True
    return table
