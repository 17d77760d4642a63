"""
The data dictionary of what people decide: reviews of quarantined stories, overrides of a split.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import PAGE_ID, STAMP, WORDS, Column, Table

STORY = (
    Column("story_id", pa.string(), "the story"),
    PAGE_ID,
    Column("text_hash", pa.string(), "the story's words as the person saw them"),
)
REVIEWS = Table(
    "reviews",
    "one decision of a person on one story that failed a critical rule",
    (
        Column("review_id", pa.string(), "24 hex digits from the case and the story"),
        *STORY,
        Column("source_name", pa.string(), "the file's path inside its inbox"),
        Column("failed_rules", WORDS, "the critical rules it had failed; a release waives these"),
        Column("decision", pa.string(), "release, reject or send_back: split the page again"),
        Column("outcome", pa.string(), "applied; or stale: the story had changed or gone by then"),
        Column("note", pa.string(), "what the person wrote", True),
        Column("decided_by", pa.string(), "who decided"),
        Column("decided_at", STAMP, "when (UTC)"),
        Column("case_id", pa.string(), "the review it belongs to: run and number of the question"),
    ),
    partition=None,
)
OVERRIDES = Table(
    "overrides",
    "one correction of a split, or its withdrawal; the newest row of an id counts",
    (
        Column("override_id", pa.string(), "16 hex digits of what it says and of which lines"),
        Column("page_id", pa.string(), "the page it corrects; null: the pages of an outlet", True),
        Column("source_name", pa.string(), "the page's name when it was corrected", True),
        Column("line_no", pa.int32(), "the line of that page, from 1", True),
        Column("line_text", pa.string(), "how that line reads", True),
        Column(
            "outlet",
            pa.string(),
            "corrects all pages that name it or are known to be its; null: one page",
            True,
        ),
        Column(
            "pattern",
            pa.string(),
            "regular expression that finds lines of the outlet's pages",
            True,
        ),
        Column(
            "action",
            pa.string(),
            "starts (a story), joins (the story above), role; or the fact of the line's story that "
            "it sets: date, outlet, byline, headline",
        ),
        Column("role", pa.string(), "the line's role; null: as the action has it", True),
        Column("value", pa.string(), "what the fact is; null: there is none", True),
        Column("is_withdrawn", pa.bool_(), "whether it holds no more"),
        Column("note", pa.string(), "why, in the person's words", True),
        Column("made_by", pa.string(), "who made or withdrew it"),
        Column("made_at", STAMP, "when (UTC)"),
    ),
    partition=None,
)
WAIVERS = (*STORY, Column("rules", WORDS, "critical rules a person released the story from"))
