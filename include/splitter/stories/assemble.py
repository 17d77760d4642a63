"""
Assemble stories and chrome from lines with roles: spans, texts, paragraphs.

Every non-blank character ends up in exactly one span: each piece of a line is either part of a
story or chrome. A piece is a whole line, or a part of one where `inline_chrome` cuts it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from include.splitter.lines.cuts import Cut, reconcile_cuts
from include.splitter.stories.machine_dates import is_machine_date

PARTS = (
    "headline",
    "body",
    "list",
    "caption",
    "deck",
    "subhead",
    "byline",
    "dateline",
    "credit",
    "tags",
    "table",
    "correction",
    "paywall",
    "read_more",
    "contact",
    "author",
)
BODY = ("body", "list")
JOIN = "\n\n"  # between paragraphs; lines of one wrapped paragraph are joined by a space


def cut_pieces(lines: pl.DataFrame, cuts: list[Cut]) -> pl.DataFrame:
    """
    Break lines at their cuts.

    Args:
        lines: columns at, page, line_no, start, text, role, reason, story (-1: none), joined,
            hit (the line matches a phrase list).
        cuts: in any order, and overlapping or not; offsets are into the line's text.
    Returns:
        One row per piece, in page order: the columns of `lines` plus end; start and text are the
        piece's own. A cut-out piece has the cut's role and reason, and no story; but a date cut
        out of a headline stays in its story.
    """
    whole = lines.with_columns(end=pl.col("start") + pl.col("text").str.len_chars().cast(pl.Int64))
    if not cuts:
        return whole
    by_line: dict[int, list[Cut]] = defaultdict(list)
    for cut in cuts:
        by_line[cut.at].append(cut)
    is_broken = pl.col("at").is_in(list(by_line))
    broken = whole.filter(is_broken)
    pieces = [
        (number, *piece)
        for number, row in enumerate(broken.iter_rows(named=True))
        for piece in _break_line(row, by_line[row["at"]])
    ]
    numbers, *own = zip(*pieces, strict=True)
    names = ("start", "end", "text", "role", "reason", "story", "joined")
    parts = broken[list(numbers)].with_columns(
        pl.Series(name, values, whole.schema[name]) for name, values in zip(names, own, strict=True)
    )
    return whole.filter(~is_broken).merge_sorted(parts, key="at")


Piece = tuple[int, int, str, str, str, int, bool]


def _break_line(row: dict[str, Any], cuts: list[Cut]) -> Iterator[Piece]:
    """Break one line into its cut pieces and the text between them, white space trimmed."""
    done = 0
    for cut in [*reconcile_cuts(cuts, len(row["text"])), None]:
        until = cut.start if cut else len(row["text"])
        yield from _trim(row, done, until, row["role"], row["reason"], row["story"])
        if cut:
            own = row["story"] if cut.role == "dateline" else -1
            yield from _trim(row, cut.start, cut.end, cut.role, cut.reason, own)
            done = cut.end


def _trim(
    row: dict[str, Any], start: int, end: int, role: str, reason: str, story: int
) -> Iterator[Piece]:
    """Give one trimmed piece of a line; nothing if it is blank."""
    text = row["text"][start:end]
    begin = row["start"] + start + len(text) - len(text.lstrip())
    text = text.strip()
    if text:
        joined = row["joined"] and start == 0
        yield begin, begin + len(text), text, role, reason, story, joined


def gather_stories(pieces: pl.DataFrame) -> pl.DataFrame:
    """
    Gather each story's parts.

    Args:
        pieces: columns as `cut_pieces` gives them, and credit (a caption's credit or null).
    Returns:
        One row per story that has a body, by story: page, story, headline, deck, body, byline,
        dateline (as a person wrote it), tags, captions, credits (the credit lines' texts), the
        four span columns, body_start, and chrome_hits (body lines that match a phrase list).
    """
    parts = pieces.filter((pl.col("story") >= 0) & pl.col("role").is_in(PARTS))
    parts = parts.with_columns(quoted=_quotable_dates(parts))
    span = pl.struct(pl.col("start").cast(pl.Int32), pl.col("end").cast(pl.Int32))
    is_body, is_caption = pl.col("role").is_in(BODY), pl.col("role") == "caption"
    other = ~is_body & ~is_caption & (pl.col("role") != "headline")
    glue = pl.when(pl.col("joined")).then(pl.lit(" ")).otherwise(pl.lit(JOIN))
    caption = pl.struct("text", "credit")

    def first_of(role: str) -> pl.Expr:
        return pl.col("text").filter(pl.col("role") == role).first()

    gathered = parts.group_by("story", maintain_order=True).agg(
        pl.col("page").first(),
        headline=first_of("headline"),
        deck=first_of("deck"),
        body=(glue + pl.col("text")).filter(is_body).str.join("").str.strip_chars(),
        byline=first_of("byline"),
        dateline=pl.col("text").filter("quoted").first(),
        tags=first_of("tags"),
        credits=pl.col("text").filter(pl.col("role") == "credit"),
        captions=caption.filter(is_caption).unique(maintain_order=True),
        headline_spans=span.filter(pl.col("role") == "headline"),
        body_spans=span.filter(is_body),
        caption_spans=span.filter(is_caption),
        other_spans=pl.struct(
            pl.col("start").cast(pl.Int32), pl.col("end").cast(pl.Int32), "role"
        ).filter(other),
        body_start=pl.col("start").filter(is_body).first(),
        chrome_hits=(pl.col("hit") & is_body).sum(),
    )
    return gathered.filter(pl.col("body_start").is_not_null())


def _quotable_dates(parts: pl.DataFrame) -> pl.Series:
    """Return which parts are datelines written by a person."""
    at = (parts["role"] == "dateline").arg_true()
    dates = ~is_machine_date(parts["text"].gather(at), parts["reason"].gather(at))
    return pl.repeat(False, len(parts), dtype=pl.Boolean, eager=True).scatter(at, dates)


def gather_chrome(pieces: pl.DataFrame, stories: pl.DataFrame) -> pl.DataFrame:
    """
    Gather the pieces that belong to no story.

    Returns:
        One row per piece: page, chrome_no (from 1 on each page), line_no, start, end, role, reason,
        text. Parts of a story without a body become chrome with the role other.
    """
    in_story = pl.col("story").is_in(stories["story"].implode()) & pl.col("role").is_in(PARTS)
    left = pieces.filter(~in_story)
    return left.select(
        "page",
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("page").alias("chrome_no"),
        pl.col("line_no").cast(pl.Int32),
        pl.col("start").cast(pl.Int32),
        pl.col("end").cast(pl.Int32),
        role=pl.when(pl.col("role").is_in(PARTS)).then(pl.lit("other")).otherwise("role"),
        reason="reason",
        text="text",
    )
