"""
The lake tables of analysis: the marts of landed stories, and the analyses that made them.

A row derived from one story carries the story's `page_id` and `run_id`, so it is current as long as
the story is. Its `analysis_id` names the analysis that made it; the row counts once `analyses` has
a row of that id.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema import dates, entities, events, outlets, quotes
from include.schema.column import DAY, PAGE_ID, STAMP, Column, Table

STORY_ID = Column("story_id", pa.string(), "the story")
LANDED_BY = Column("run_id", pa.string(), "run that landed the story")
ANALYSIS_ID = Column(
    "analysis_id", pa.string(), "analysis that made this row, 24 hex digits; see `analyses`"
)
OF_STORY = (STORY_ID, PAGE_ID)
MADE_BY = (LANDED_BY, ANALYSIS_ID)

ANALYSES = Table(
    "analyses",
    "one analysis that is complete: what it added to one mart",
    (
        ANALYSIS_ID,
        Column("mart", pa.string(), "the lake table that it wrote to"),
        Column("analysis_no", pa.int64(), "position among the analyses of the mart, from 1"),
        Column("analyzer_version", pa.string(), "version of its code; a new one rebuilds the mart"),
        Column("since_version", pa.int64(), "version of the lake that the mart showed before"),
        Column(
            "lake_version", pa.int64(),
            "version of the lake that the mart shows after it; as in `meta.runs`",
        ),
        Column("stories", pa.int64(), "stories that it analysed"),
        Column("failed_stories", pa.int64(), "of these, stories that the analyzer failed on"),
        Column("rows_added", pa.int64(), "rows that it added"),
        Column("made_by", pa.string(), "its run: Airflow's run id, or cli__<time>"),
        Column("made_at", STAMP, "when it was complete (UTC)"),
    ),
    partition=None,
)  # fmt: skip

SIGNATURES = Table(
    "signatures",
    "the fingerprints of one story's body, by which copies are found",
    (
        *OF_STORY,
        Column("text_id", pa.string(), "24 hex digits: hash of the words of the body"),
        Column("text_words", pa.int32(), "words of the body, as they are hashed"),
        Column("paragraphs", pa.list_(pa.int64()), "one hash per paragraph, of its words"),
        Column("paragraph_words", pa.list_(pa.int32()), "number of words of each paragraph"),
        Column(
            "minhash", pa.list_(pa.int32()),
            "128 MinHash values of its shingles of three words; empty if it has no words",
        ),
        *MADE_BY,
        DAY,
    ),
)  # fmt: skip
TEXT_PAIRS = Table(
    "text_pairs",
    "two different texts that share much of their words, or of which one contains the other",
    (
        Column("text_a", pa.string(), "text_id of one; the smaller of the two"),
        Column("text_b", pa.string(), "text_id of the other"),
        Column(
            "kind", pa.string(),
            "near (each has at least 35 % of its words from the other) or contained (one of them "
            "has at least half)",
        ),
        Column("words_a", pa.int32(), "words of text_a"),
        Column("words_b", pa.int32(), "words of text_b"),
        Column("shared_a", pa.int32(), "words of text_a in a run of three that text_b has too"),
        Column("shared_b", pa.int32(), "words of text_b in a run of three that text_a has too"),
        Column("similarity", pa.float64(), "share of runs of three words in common, 0 to 1"),
        ANALYSIS_ID,
    ),
    partition=None,
)  # fmt: skip


def of_stories(kind: Table) -> Table:
    """Return the lake table for an analyzer's rows: with the keys of each row's story."""
    return Table(kind.name, kind.grain, (*OF_STORY, *kind.columns[1:], *MADE_BY, DAY))


QUOTES = of_stories(quotes.QUOTES)
ENTITY_MENTIONS = of_stories(entities.ENTITY_MENTIONS)
STORY_ENTITIES = of_stories(entities.STORY_ENTITIES)
STORY_OUTLETS = of_stories(outlets.STORY_OUTLETS)
STORY_DATES = of_stories(dates.STORY_DATES)
DATE_MENTIONS = of_stories(dates.DATE_MENTIONS)
STORY_TERMS = of_stories(events.STORY_TERMS)
# Made anew by each analysis, in few files.
EVENT_MEMBERS = Table(
    events.EVENT_MEMBERS.name,
    events.EVENT_MEMBERS.grain,
    (*OF_STORY, *events.EVENT_MEMBERS.columns[1:], *MADE_BY),
    partition=None,
)
EVENT_CHANGES = events.EVENT_CHANGES

# `analyses` records the progress of each.
MART_TABLES = (
    SIGNATURES, TEXT_PAIRS, QUOTES, ENTITY_MENTIONS, STORY_ENTITIES, STORY_OUTLETS,
    STORY_DATES, DATE_MENTIONS,
    STORY_TERMS, EVENT_MEMBERS,
)  # fmt: skip
