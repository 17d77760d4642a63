"""
Look at every line of a batch: what can be said of it without knowing what it means.

All columns are computed for all lines at once. Phrase lists are asked of short lines only: long
lines speak in sentences, and one in forty lines of the labelled pages is longer and chrome.
"""

import polars as pl

from include.model import BLANKS
from include.stories.lexicon import read_lexicon

SHORT_CHARS = 240  # phrase lists are asked up to here
CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
SENTENCE_END = r"[.!?…。！？؟।](?:[\"'”’»›」』)\]]|\s)*$"
ASKS = r"[!?！？؟\"”’»›」』'‘“)][\s]*$"  # a headline may close so: a question, a quotation
STOPS = r"\s\p{Ll}{1,4}$"  # stops in mid-sentence: «… reported in November that»
ELLIPSIS = r"(?:…|\.\.\.|\[…\])[\s\])]*$"
LIST_MARK = r"^(?:[•·▪●◦‣–—*-]\s|\(?\d{1,3}[.)]\s)"
NUMBERED = r"^\d{1,3}\.\s"
INVISIBLE = r"[\u200b-\u200f\u00ad\ufeff\u2060]"
ODD_KEY = rf"{BLANKS}{{2}}|[{BLANKS}--\x20]|\p{{M}}"
CLOCK = r"\b\d{1,2}[:.h]\d{2}\b"
STAMP = (
    r"(?i)^[^\p{L}\d]{0,3}(?:\p{L}{2,4}\s)?\d{1,2}[:.h]\d{2}(?::\d{2})?"
    r"\s*(?:am|pm|a\.m\.|p\.m\.|uhr|h|[A-Z]{2,4})?[^\p{L}\d]{0,3}$"
)
DATE = (
    r"(?i)\b(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?\p{L}{3,10}\.?,?\s+(?:de\s+)?(?:19|20)\d{2}\b"
    r"|\b\p{L}{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2}\b|(?:19|20)\d{2}年\d{1,2}月"
)


def look_at_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """
    Add what each line looks like.

    Args:
        lines: columns page, gap, text (see `find_lines`).
    Returns:
        The same rows with chars, size (characters, wide scripts' three times), words,
        ends (closes like a sentence), cut (ends in an ellipsis), asks (ends in a
        question, call or quotation), lower (begins small),
        listed (begins with a bullet or number), numbered, digits (share of characters), dated,
        timed, key (u64, equal for lines that read the same), and one `is_<family>` a phrase list.
    """
    text, tail, head = pl.col("text"), pl.col("text").str.tail(8), pl.col("text").str.head(8)
    chars = text.str.len_chars().cast(pl.Int32)
    wide = pl.when(text.str.len_bytes() == text.str.len_chars()).then(0)
    looked = lines.with_columns(
        chars=chars,
        wide=wide.otherwise(text.str.count_matches(CJK)).cast(pl.Int32),
        blanks=text.str.count_matches(" ", literal=True).cast(pl.Int32),
        tabs=text.str.count_matches("\t", literal=True).cast(pl.Int32),
        ends=tail.str.contains(SENTENCE_END),
        cut=tail.str.contains(ELLIPSIS),
        asks=tail.str.contains(ASKS),
        stops=tail.str.contains(STOPS),
        lower=head.str.contains(r"^\p{Ll}"),
        listed=head.str.contains(LIST_MARK),
        numbered=head.str.contains(NUMBERED),
        key=_key(lines["text"]),
    ).with_columns(
        size=pl.col("chars") + 2 * pl.col("wide"),  # a sign of a wide script says what 3 letters do
        words=pl.col("blanks") + 1 + pl.col("wide") // 2,
    )
    return (
        looked.with_row_index("at")
        .join(
            _look_at_short(looked.with_row_index("at")), on="at", how="left", maintain_order="left"
        )
        .with_columns(
            pl.selectors.boolean().fill_null(False), digits=pl.col("digits").fill_null(0.0)
        )
    )


def _look_at_short(looked: pl.DataFrame) -> pl.DataFrame:
    """Ask the phrase lists and the slower patterns of lines that are short enough."""
    short = looked.filter(pl.col("chars") <= SHORT_CHARS).select("at", "text", "chars")
    families = {
        f"is_{phrases.family}": (
            pl.col("text").str.tail(80) if phrases.family == "credit" else pl.col("text")
        ).str.contains(phrases.pattern)
        for phrases in read_lexicon()
    }
    return short.select(
        "at",
        digits=pl.col("text").str.count_matches(r"\d") / pl.col("chars"),
        dated=pl.col("text").str.contains(DATE),
        timed=pl.col("text").str.contains(CLOCK),
        stamped=pl.col("text").str.contains(STAMP),
        **families,
    )


def _key(text: pl.Series) -> pl.Series:
    """Hash lines so that case, white space, invisible characters and normal form do not count."""
    keys = text.str.to_lowercase().hash()
    odd = text.str.contains(ODD_KEY).arg_true()  # 1 line in 20 on dev pays for the slow way
    plain = (
        text.gather(odd)
        .str.normalize("NFC")
        .str.replace_all(INVISIBLE, "")
        .str.replace_all(rf"{BLANKS}+", " ")
    )
    return keys.scatter(odd, plain.str.to_lowercase().hash())
