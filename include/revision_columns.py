"""
The columns of `story_revisions`: stories that left `stories`, and what came in their place.
"""

from __future__ import annotations

import pyarrow as pa

from include.column import DAY, PAGE_ID, RUN, STAMP, Column, Table

STORY_REVISIONS = Table(
    "story_revisions",
    "one story that left `stories` because its page was revised or split again",
    (
        Column("story_id", pa.string(), "the story that left"),
        PAGE_ID,
        Column("source_name", pa.string(), "the file's path inside its inbox"),
        Column("story_no", pa.int32(), "position in the page, from 1"),
        Column("headline", pa.string(), "the headline; null where none stood in the text", True),
        Column("deck", pa.string(), "the line under the headline that sums the story up", True),
        Column("body", pa.string(), "the paragraphs, joined by blank lines"),
        Column("byline", pa.string(), "who wrote it, as it stood in the text", True),
        Column("published_at", STAMP, "when it was published (UTC); null when unknown", True),
        Column("outlet", pa.string(), "who published it, where the page said so", True),
        Column("language", pa.string(), "ISO 639-1 code; und when it cannot be told"),
        Column("words", pa.int32(), "words of the body"),
        Column("text_hash", pa.string(), "sha256 of the normalised headline and body"),
        Column("splitter_version", pa.string(), "the splitter that found it"),
        Column("landed_run_id", pa.string(), "the run that had landed it"),
        Column("landed_at", STAMP, "when that run began (UTC)"),
        Column("reason", pa.string(), "revised: other bytes under its name; resplit: split again"),
        Column("replaced_by_page_id", pa.string(), "the page that came in its page's place"),
        Column(
            "new_story_id", pa.string(), "the story that goes on with it; null: none clearly", True
        ),
        Column("similarity", pa.float64(), "word triples the two share, 0 to 1", True),
        Column(
            "diff", pa.string(),
            "unified diff, a line a paragraph, the headline first; empty: same words", True,
        ),
        *RUN,
        DAY,
    ),
)  # fmt: skip
