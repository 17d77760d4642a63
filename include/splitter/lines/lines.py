"""
Find the lines of a batch of pages, without interpreting them.

A line ends at LF, CR or CR LF, as in a text file. Vertical tabs, form feeds, NEL and U+2028 do not
end a line (str.splitlines would break there and miscount paragraphs).
"""

import polars as pl

from include.model import BLANKS


def find_lines(pages: pl.DataFrame) -> pl.DataFrame:
    """
    Find every line that is not blank, in page order.

    Args:
        pages: columns page (u32, ascending), text (str).
    Returns:
        One row per line: page, line_no (u32, from 1, blank lines counted), start and end (i64,
        characters of the page's text, white space trimmed), text (str, trimmed),
        gap (u32, number of blank lines directly above).
    """
    every = (
        pages.select("page", pl.col("text").pipe(_break_at_newlines))
        .with_columns(base=(pl.col("text").str.len_chars().cast(pl.Int64) + 1).cum_sum())
        .with_columns(
            base=pl.col("base").shift(1, fill_value=0), text=pl.col("text").str.split("\n")
        )
        .with_columns(first=pl.col("text").list.len().cum_sum().shift(1, fill_value=0))
        .explode("text", empty_as_null=True)
        .with_row_index("at")
    )
    chars = pl.col("text").str.len_chars().cast(pl.Int64)
    placed = every.select(
        "page",
        line_no=(pl.col("at") - pl.col("first") + 1).cast(pl.UInt32),
        start=(chars + 1).cum_sum() - (chars + 1) - pl.col("base"),
        text="text",
    )
    return _trim(placed).with_columns(gap=_gap())


def _break_at_newlines(text: pl.Expr) -> pl.Expr:
    """Normalise line ends to LF without moving offsets: CR LF becomes a space and LF."""
    as_lf = text.str.replace_all("\r\n", " \n", literal=True).str.replace_all(
        "\r", "\n", literal=True
    )
    return pl.when(text.str.contains("\r", literal=True)).then(as_lf).otherwise(text)


def _trim(lines: pl.DataFrame) -> pl.DataFrame:
    """Trim white space, adjust start, add end, drop blank lines."""
    left = pl.col("text").str.strip_chars_start()
    moved = lines.with_columns(
        text=left.str.strip_chars_end(),
        start=pl.col("start")
        + (pl.col("text").str.len_chars() - left.str.len_chars()).cast(pl.Int64),
    ).filter(pl.col("text") != "")
    ends = moved["text"].str.head(1) + moved["text"].str.tail(1)
    edge_blanks = ends.str.contains(
        BLANKS
    ).arg_true()  # 1 line in 400 on dev has an invisible character
    edged = moved["text"].gather(edge_blanks)
    bare = edged.str.replace(f"^{BLANKS}+", "")
    shift = (edged.str.len_chars() - bare.str.len_chars()).cast(pl.Int64)
    return (
        moved.with_columns(
            moved["text"].scatter(edge_blanks, bare.str.replace(f"{BLANKS}+$", "")),
            moved["start"].scatter(edge_blanks, moved["start"].gather(edge_blanks) + shift),
        )
        .filter(pl.col("text") != "")
        .with_columns(end=pl.col("start") + pl.col("text").str.len_chars().cast(pl.Int64))
    )


def _gap() -> pl.Expr:
    """Count the blank lines between a line and the one before it on its page."""
    same_page = pl.col("page") == pl.col("page").shift(1)
    before = pl.when(same_page).then(pl.col("line_no").shift(1)).otherwise(0).fill_null(0)
    return (pl.col("line_no") - before - 1).cast(pl.UInt32)
