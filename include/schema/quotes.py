"""
The table of quotes: what people said in the stories, and who said it.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import SPANS, Column, Table

QUOTES = Table(
    "quotes",
    "one quotation of one story",
    (
        Column("story_id", pa.string(), "the story"),
        Column("quote_no", pa.int32(), "position among the quotes of the story, from 1"),
        Column(
            "kind",
            pa.string(),
            "sentence; fragment (part of one); continued (a later paragraph of the same speech)",
        ),
        Column("text", pa.string(), "quoted words without the outer marks; a space between parts"),
        Column("words", pa.int32(), "number of quoted words"),
        Column(
            "text_hash",
            pa.string(),
            "24 hex digits: hash of the words, without case and marks; equal across outlets",
        ),
        Column("start", pa.int32(), "first character in the body, with the marks"),
        Column("end", pa.int32(), "one past the last character in the body, with the marks"),
        Column("spans", SPANS, "positions of its parts in the body; two if the cue is between"),
        Column(
            "speaker",
            pa.string(),
            "who said it: the fullest name in the story, or the words that describe the speaker; "
            "null if unknown or a pronoun that may mean several",
            True,
        ),
        Column("speaker_is", pa.string(), "what the text calls them: name, words or pronoun", True),
        Column("speaker_start", pa.int32(), "first character of the words for the speaker", True),
        Column("speaker_end", pa.int32(), "one past the last character of these words", True),
        Column("cue", pa.string(), "the word that introduces it: said, laut; null if none", True),
        Column("cue_start", pa.int32(), "first character of the cue in the body", True),
        Column("cue_end", pa.int32(), "one past the last character of the cue", True),
    ),
    partition=None,
)  # fmt: skip
