"""
Learn the chrome book: which lines appear beside many different stories.

Pure. Each page gives its evidence once (its lines, and whether a story held them); the rule weighs
all evidence together. It counts stories, not pages: an agency's paragraph is on many pages too, but
beside one story. docs/splitting.md explains the rule.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from include.model import BLANKS
from include.splitter.chrome_book.book import DASH
from include.splitter.lines.keys import INVISIBLE, read_letters
from include.splitter.lines.lines import find_lines

LEAST = 5  # fewest different stories, even for a line of one word
SURER = 4  # times as many without a named outlet, or if stories held the line
ONE_IN = 10  # pages of the outlet must show a line that stories held
LONGEST = 1000  # characters; longer lines are never kept
PARTS = {"booked": 1, "story": 2, "headline": 3}  # what held a line; 0 is nothing
IS_STORY = pl.col("part") >= PARTS["story"]
EVIDENCE = pa.schema(
    [
        pa.field("key", pa.uint64()),
        pa.field("page", pa.uint64()),
        pa.field("outlet", pa.string()),
        pa.field("words", pa.int32()),
        pa.field("chars", pa.int32()),
        pa.field("part", pa.uint8()),
    ]
)

Floats = NDArray[np.float64]


def gather_evidence(pages: pa.Table, spans: pa.Table, outlets: pa.Table) -> pa.Table:
    """
    Record what held each line of some pages; a line counts once per page.

    Args:
        pages: columns page (u64), text.
        spans: columns page, start, end (characters) and part: of stories (`headline`, `story`) and
            of what an earlier book matched (`booked`); those of other pages are ignored.
        outlets: columns page, outlet: of pages that name one, as `look_up` resolves them.
    Returns:
        Columns of `EVIDENCE`; part is the strongest one that held the line on the page.
    """
    numbered = pl.DataFrame(pages).with_row_index("no")
    lines = _find_lines(numbered)
    held_by = (
        pl.DataFrame(spans)
        .join(numbered.select("page", "no"), on="page")
        .select(
            "no", pl.col("start").cast(pl.Int64), until="end",
            part=pl.col("part").replace_strict(PARTS, return_dtype=pl.UInt8),
        )
        .sort("no", "start")
    )  # fmt: skip
    held = lines.join_asof(
        held_by, left_on="end", right_on="start", by="no", allow_exact_matches=False,
        check_sortedness=False,  # both are sorted by page and offset
    )  # fmt: skip
    part = pl.when(pl.col("until") > pl.col("start")).then("part").otherwise(0).fill_null(0)
    once = held.group_by("no", "key").agg(pl.first("words", "chars"), part=part.max())
    names = pl.DataFrame(outlets).with_columns(pl.col("outlet").str.replace(DASH, ""))
    placed = numbered.drop("text").join(names, on="page", how="left")
    rows = once.join(placed, on="no")
    return rows.select(EVIDENCE.names).to_arrow().cast(EVIDENCE)


def choose_lines(evidence: Iterable[pa.Table], standing: pa.Table) -> pa.Table:
    """
    Choose the lines that are chrome.

    Args:
        evidence: one table or more with the columns of `EVIDENCE`, all rows of a key in one table;
            iterated twice.
        standing: columns page (u64) and seen_at; evidence of other pages is ignored.
    Returns:
        One row per line and outlet (null: the whole corpus): key, outlet, words, pages,
        story_pages, stories, first_seen_at, last_seen_at.
    """
    pages = pl.DataFrame(standing).with_row_index("at")
    own_chars, total_chars = np.zeros(len(pages)), np.zeros(len(pages))
    outlets = pl.DataFrame(schema={"at": pl.UInt32, "outlet": pl.String})
    for table in evidence:
        rows = _place(table, pages)
        held = rows.filter(IS_STORY)
        at, chars = held["at"].to_numpy(), held["chars"].to_numpy()
        own_chars += np.bincount(at, chars / held["copies"].to_numpy(), len(pages))
        total_chars += np.bincount(at, chars, len(pages))
        named = rows.select("at", "outlet").drop_nulls()
        outlets = pl.concat([outlets, named]).unique()
    sizes = outlets.group_by("outlet").agg(of_pages=pl.len())
    corpus = pl.DataFrame({"outlet": [None], "of_pages": [len(pages)]}, sizes.schema)
    sizes = pl.concat([sizes, corpus])
    chosen = [
        _choose(_weigh(_place(table, pages), own_chars, total_chars), sizes) for table in evidence
    ]
    return pl.concat(chosen).to_arrow()


def _place(table: pa.Table, pages: pl.DataFrame) -> pl.DataFrame:
    """Add each row's page (at, seen_at), and copies: the number of pages with its line."""
    rows = pl.DataFrame(table).join(pages, on="page")
    return rows.with_columns(copies=pl.len().over("key"))


def _weigh(rows: pl.DataFrame, own_chars: Floats, total_chars: Floats) -> pl.DataFrame:
    """
    Weigh each line, in the corpus and in each outlet.

    A page's weight for a line is the share of its other story text that is its own: a paragraph on
    n pages counts 1/n on each. All copies of one story together therefore weigh as one.
    """
    many = rows.filter(pl.col("copies") >= LEAST)
    at, copies = many["at"].to_numpy(), many["copies"].to_numpy()
    held = many.select(pl.when(IS_STORY).then("chars").otherwise(0))["chars"].to_numpy()
    rest, rest_own = total_chars[at] - held, own_chars[at] - held / copies
    weight = np.divide(rest_own, rest, out=np.zeros(len(rest)), where=rest > 0)
    weighed = many.with_columns(weight=pl.Series(weight))
    sums = (
        pl.max("words", "chars"),
        pl.len().alias("pages"),
        IS_STORY.sum().alias("story_pages"),
        (pl.col("part") == PARTS["headline"]).any().alias("heads"),
        (pl.col("part") != PARTS["booked"]).sum().alias("judged"),
        pl.col("weight").sum().round(2).alias("stories"),
        pl.col("seen_at").min().alias("first_seen_at"),
        pl.col("seen_at").max().alias("last_seen_at"),
    )
    everywhere = weighed.group_by("key").agg(pl.lit(None, pl.String).alias("outlet"), *sums)
    by_outlet = weighed.drop_nulls("outlet").group_by("key", "outlet").agg(*sums)
    return pl.concat([everywhere, by_outlet])


def _choose(weighed: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """Keep the lines that are chrome; `sizes`: outlet and of_pages, its number of pages."""
    rows = weighed.join(sizes, on="outlet", nulls_equal=True)
    # Matches of an earlier book do not count: a wrong entry must not keep itself alive.
    in_story = pl.col("heads") | (2 * pl.col("story_pages") >= pl.col("judged"))
    surer = pl.when(in_story | pl.col("outlet").is_null()).then(SURER).otherwise(1)
    enough = pl.col("stories") >= surer * pl.max_horizontal("words", pl.lit(LEAST))
    usual = ~in_story | (pl.col("pages") * ONE_IN >= pl.col("of_pages"))
    return rows.filter(enough & usual & (pl.col("chars") <= LONGEST)).select(
        "key", "outlet", pl.col("words").cast(pl.Int32), pl.col("pages").cast(pl.Int64),
        pl.col("story_pages").cast(pl.Int64), "stories", "first_seen_at", "last_seen_at",
    )  # fmt: skip


def find_samples(pages: pa.Table, keys: pa.Array) -> pa.Table:
    """Give key and text of the lines with these keys, at their first occurrence in the pages."""
    lines = _find_lines(pl.DataFrame(pages).with_row_index("no"))
    matches = lines.filter(pl.col("key").is_in(pl.Series(keys).implode()))
    return matches.unique("key", keep="first", maintain_order=True).select("key", "text").to_arrow()


def write_lines(chosen: pa.Table, samples: pa.Table) -> pa.Table:
    """Add line_id and text to the lines of `choose_lines`; the corpus comes first."""
    rows = pl.DataFrame(chosen).join(pl.DataFrame(samples), on="key")
    ids = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in _plain(rows["text"])]
    lines = rows.with_columns(pl.Series("line_id", ids, pl.String)).drop("key")
    order = lines.sort("outlet", "pages", "line_id", descending=[False, True, False])
    return order.to_arrow()


def _plain(texts: pl.Series) -> pl.Series:
    """Normalise lines: equal for lines of one key, but stable across versions, unlike the key."""
    bare = texts.str.normalize("NFC").str.replace_all(INVISIBLE, "")
    return bare.str.replace_all(f"{BLANKS}+", " ").str.to_lowercase()


def _find_lines(numbered: pl.DataFrame) -> pl.DataFrame:
    """Give the lines of pages with no, start, end, text, key, words and chars."""
    lines = find_lines(numbered.select(pl.col("no").alias("page"), "text"))
    letters = read_letters(lines["text"])
    return lines.select(pl.col("page").alias("no"), "start", "end", "text").with_columns(
        letters["key"],
        words=letters["blanks"] + 1 + letters["wide"] // 2,
        chars=pl.col("text").str.len_chars().cast(pl.Int32),
    )
