"""
Describe what every line of a batch looks like, without interpreting it.

All columns are computed for all lines at once. Only short lines are matched against phrase lists:
long lines are sentences; only one in forty lines of the labelled pages is both long and chrome.
"""

import polars as pl

from include.splitter.lines.keys import read_letters
from include.splitter.lines.lexicon import read_lexicon
from include.splitter.lines.patterns import contains, count_matches

SHORT_CHARS = 240  # longest line matched against phrase lists
SENTENCE_END = r"[.!?…。！？؟।](?:[\"'”’»›」』)\]]|\s)*$"
ASKS = r"[!?！？؟\"”’»›」』'‘“)][\s]*$"  # a headline may end like this: a question, a quotation
STOPS = r"\s\p{Ll}{1,4}$"  # breaks off mid-sentence: «… reported in November that»
ELLIPSIS = r"(?:…|\.\.\.|\[…\])[\s\])]*$"
LIST_MARK = r"^(?:[•·▪●◦‣–—*-]\s|\(?\d{1,3}[.)]\s)"
NUMBERED = r"^\d{1,3}\.\s"
CLOCK = (  # «8.23» alone is a figure of a table; without (?i), which takes ten times as long
    r"(?:^|\W)\d{1,2}(?:[:h]\d{2}|\.\d{2} ?(?:[ap]\.?m|[AP]\.?M|[Uu]hr|h))(?:\W|$)"
)
STAMP = (
    r"(?i)^[^\p{L}\d]{0,3}(?:\p{L}{2,4}\s)?\d{1,2}[:.h]\d{2}(?::\d{2})?"
    r"\s*(?:am|pm|a\.m\.|p\.m\.|uhr|h|[A-Z]{2,4})?[^\p{L}\d]{0,3}$"
)
DATE = (
    r"(?i)(?:^|\W)(?:(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?\p{L}{3,10}\.?,?\s+(?:de\s+)?(?:19|20)\d{2}"
    r"|\p{L}{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2})(?:\W|$)"
    r"|(?:19|20)\d{2}年\d{1,2}月"
)
MAY_DATE = r"(?:19|20)\d|\d[-/.]\d{1,2}[-/.]\d"  # in every DATE; DATE alone took 9 to 20 ms/MB


def describe_appearance(lines: pl.DataFrame) -> pl.DataFrame:
    """
    Add columns for each line's appearance.

    Args:
        lines: columns page, gap, text (see `find_lines`).
    Returns:
        The same rows with chars, size (characters, wide scripts counted three times), words,
        ends (ends like a sentence), cut (ends in an ellipsis), asks (ends in a
        question, exclamation or quotation), lower (starts in lower case),
        listed (begins with a bullet or number), numbered, digits (share of characters), dated,
        timed, key (u64, equal for lines that read the same), and one `is_<family>` per phrase list.
    """
    text, tail, head = pl.col("text"), pl.col("text").str.tail(8), pl.col("text").str.head(8)
    looked = lines.with_columns(
        *read_letters(lines["text"]),
        chars=text.str.len_chars().cast(pl.Int32),
        tabs=text.str.count_matches("\t", literal=True).cast(pl.Int32),
        ends=tail.str.contains(SENTENCE_END),
        cut=tail.str.contains(ELLIPSIS),
        asks=tail.str.contains(ASKS),
        stops=tail.str.contains(STOPS),
        lower=head.str.contains(r"^\p{Ll}"),
        listed=head.str.contains(LIST_MARK),
        numbered=head.str.contains(NUMBERED),
    ).with_columns(
        size=pl.col("chars")
        + 2 * pl.col("wide"),  # one character of a wide script carries as much as 3 letters
        words=pl.col("blanks") + 1 + pl.col("wide") // 2,
    )
    short = (looked["chars"] <= SHORT_CHARS).arg_true()
    short_text = looked["text"].gather(short)
    figured = short.gather(contains(short_text, r"\d").arg_true())
    return looked.with_columns(
        _spread(column, at, len(lines))
        for at, describe in ((short, _match_phrases), (figured, _describe_figures))
        for column in describe(lines["text"].gather(at))
    ).with_row_index("at")


def _match_phrases(short: pl.Series) -> list[pl.Series]:
    """Match every phrase list against short lines: one column per family."""
    return [
        contains(
            short.str.tail(80) if phrases.family == "credit" else short, phrases.pattern
        ).alias(f"is_{phrases.family}")
        for phrases in read_lexicon()
    ]


def _describe_figures(figured: pl.Series) -> list[pl.Series]:
    """Describe short lines that hold a digit: share of digits, date, time, bare time stamp."""
    may = contains(figured, MAY_DATE).arg_true()
    dated = contains(figured.gather(may), DATE).alias("dated")
    return [
        (count_matches(figured, r"\d") / figured.str.len_chars()).alias("digits"),
        contains(figured, CLOCK).alias("timed"),
        contains(figured, STAMP).alias("stamped"),
        _spread(dated, may, len(figured)),
    ]


def _spread(values: pl.Series, at: pl.Series, count: int) -> pl.Series:
    """Scatter values into a column of `count` rows; the rest are False or 0."""
    nothing = pl.Series(values.name, [0]).cast(values.dtype).new_from_index(0, count)
    return nothing.scatter(at, values)
