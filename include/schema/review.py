"""
The lake tables of what people decide: reviews of quarantined stories, overrides of a split.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import PAGE_ID, STAMP, WORDS, Column, Table

STORY = (
    Column("story_id", pa.string(), "the story"),
    PAGE_ID,
    Column("text_hash", pa.string(), "text_hash of the story that the person saw"),
)
REVIEWS = Table(
    "reviews",
    "one decision of a person on one quarantined story",
    (
        Column("review_id", pa.string(), "24 hex digits: hash of case_id and story_id"),
        *STORY,
        Column("source_name", pa.string(), "path of the file inside its inbox"),
        Column("failed_rules", WORDS, "ids of the critical rules it failed; a release waives them"),
        Column("decision", pa.string(), "release, reject or send_back (re-split the page)"),
        Column("outcome", pa.string(), "applied, or stale: the story had already changed or gone"),
        Column("note", pa.string(), "what the person wrote", True),
        Column("decided_by", pa.string(), "who decided"),
        Column("decided_at", STAMP, "when that was decided (UTC)"),
        Column("case_id", pa.string(), "review it belongs to: run and number of the question"),
    ),
    partition=None,
)
OVERRIDES = Table(
    "overrides",
    "one correction of a split, or its withdrawal; the newest row of an id is valid",
    (
        Column("override_id", pa.string(), "16 hex digits: hash of the action and its lines"),
        Column("page_id", pa.string(), "page that it corrects; null: pages of an outlet", True),
        Column("source_name", pa.string(), "name of the page when it was corrected", True),
        Column("line_no", pa.int32(), "line of that page, from 1", True),
        Column("line_text", pa.string(), "text of that line", True),
        Column("outlet", pa.string(), "outlet whose pages it corrects; null: one page", True),
        Column("pattern", pa.string(), "regular expression for lines of the outlet's pages", True),
        Column(
            "action",
            pa.string(),
            "starts (a story), joins (the story above), role; or the fact that it sets for the "
            "line's story: date, outlet, byline, headline",
        ),
        Column("role", pa.string(), "role of the line; null: follows from the action", True),
        Column("value", pa.string(), "the fact; null: there is none", True),
        Column("is_withdrawn", pa.bool_(), "whether it has been withdrawn"),
        Column("note", pa.string(), "why, in the person's words", True),
        Column("made_by", pa.string(), "who made or withdrew it"),
        Column("made_at", STAMP, "when that was done (UTC)"),
    ),
    partition=None,
)
WAIVERS = (
    *STORY,
    Column("rules", WORDS, "ids of the critical rules waived for the story"),
)
