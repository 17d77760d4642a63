"""
Find what occurs more than once on a page: captions, headlines, an aggregator's outlet names.

Repetition is stronger evidence than any phrase, and works in every language.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, after, before, keys_within

CAPTION_SIZE = 15  # shortest doubled line that counts as a caption, not a widget («TT», «Share»)
OUTLET_SIZE = 60  # longest outlet name
OUTLET_REACH = 3  # lines between the two outlet names of an aggregator's block


def find_doubled_captions(c: dict[str, np.ndarray], first: Ints, last: Ints, close: Bools) -> Bools:
    """Find lines repeated directly below themselves: alt text and caption."""
    key = c["key"]
    like_before = close & (key == before(key, first, fill=0))
    pair = like_before | (after(like_before, last))
    return pair & (c["size"] >= CAPTION_SIZE) & (c["words"] >= 3)


def find_repeats(key: np.ndarray, page: Ints, mask: Bools) -> Bools:
    """Find lines that read the same as a masked line of the same page."""
    both = keys_within(key, page)
    return np.isin(both, both[mask])


def find_outlet_names(looked: pl.DataFrame, page: Ints) -> Bools:
    """Find the lines of an aggregator's block that name the outlet: «Name» and «- Name» near it."""
    name, order = ("page", "named"), "at"
    dashed = pl.col("text").str.contains(r"^[-–—]\s+\S")
    small = looked.filter(pl.col("size") <= OUTLET_SIZE).select("page", "at", "text", dashed=dashed)
    paged = small.filter("dashed").select("page").unique()
    named = pl.col("text").str.replace(r"^[-–—]\s+", "").str.to_lowercase()
    bare = small.join(paged, on="page", how="semi", maintain_order="left").with_columns(named=named)
    bare = bare.join(bare.filter("dashed"), on=name, how="semi", maintain_order="left")
    near = pl.col("at").cast(pl.Int64).diff().abs() <= OUTLET_REACH
    turned = pl.col("dashed") != pl.col("dashed").shift()
    pairs = bare.with_columns(
        closes=(near & turned).over(*name, order_by=order).fill_null(False)
    ).with_columns(opens=pl.col("closes").shift(-1, fill_value=False).over(*name, order_by=order))
    is_name = np.zeros(len(looked), dtype=bool)
    is_name[pairs.filter(pl.col("closes") | pl.col("opens"))["at"].to_numpy()] = True
    return is_name


def find_doubled_headlines(key: np.ndarray, page: Ints, head_like: Bools, prose: Bools) -> Ints:
    """
    Find, for each headline, its next repeat with no prose in between.

    Returns:
        n indices of the repeats; -1 if there is none before the next prose.
    """
    stretch = np.cumsum(prose) * 2 + 1
    at = np.flatnonzero(head_like & ~prose)
    both = key[at] ^ (page[at].astype(np.uint64) << np.uint64(40)) ^ stretch[at].astype(np.uint64)
    order = np.lexsort((at, both))
    same = both[order][1:] == both[order][:-1]
    doubled = np.full(len(key), -1)
    doubled[at[order][:-1][same]] = at[order][1:][same]
    return doubled
