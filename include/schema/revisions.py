"""
The columns of `resplit_changes`: what splitting pages again would change, and what was decided.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, PAGE_ID, RUN, STAMP, WORDS, Column, Table, pick

FOUND = (
    PAGE_ID,
    Column("source_name", pa.string(), "the file's path inside its inbox"),
    Column("outlet", pa.string(), "who published it: as found now, else before, or told", True),
    Column("change", pa.string(), "added, gone or changed"),
    Column(
        "what", WORDS,
        "of a changed story: headline, body, boundaries (its spans in the page), facts (byline, "
        "dateline, date, outlet, deck, language, agencies, tags), verdict (landed or set aside)",
    ),
    Column("story_id_before", pa.string(), "the story that stood; null: it is new", True),
    Column("story_id_after", pa.string(), "the story found now; null: it is gone", True),
    Column("headline_before", pa.string(), "its headline as it stood", True),
    Column("headline_after", pa.string(), "its headline as found now", True),
    Column("verdict_before", pa.string(), "landed or quarantined, as it stood", True),
    Column("verdict_after", pa.string(), "landed or quarantined, as judged now", True),
    Column("body_chars_before", pa.int32(), "characters of the body that stood", True),
    Column("body_chars_after", pa.int32(), "characters of the body found now", True),
    Column("changed_chars", pa.int64(), "characters of the paragraphs that only one of them has"),
    Column(
        "diff", pa.string(),
        "unified diff, a line a paragraph, the headline first; empty: same words",
    ),
    Column("splitter_version_before", pa.string(), "the splitter of the story that stood", True),
    Column("splitter_version_after", pa.string(), "the splitter of the story found now", True),
)  # fmt: skip

RESPLIT_CHANGES = Table(
    "resplit_changes",
    "one story that a run splitting pages again added, dropped or changed, by what was decided",
    (
        *FOUND,
        Column("decision", pa.string(), "approved, refused or dry_run: only the first has landed"),
        Column("decided_by", pa.string(), "who decided; null: nobody was asked", True),
        Column("decided_at", STAMP, "when (UTC)"),
        *RUN,
        DAY,
    ),
)  # fmt: skip

RESPLITS = Table(
    "quality.resplits",
    "one outlet (null: not named) in one run that split pages again, by what was decided",
    (
        *RUN,
        *pick(RESPLIT_CHANGES, "decision", "decided_by", "decided_at", "outlet"),
        Column("pages", pa.int64(), "pages on which a story was added, dropped or changed"),
        Column("added", pa.int64(), "stories that are new"),
        Column("gone", pa.int64(), "stories that are no more"),
        Column("changed", pa.int64(), "stories that go on changed"),
        Column("headlines", pa.int64(), "of them with another headline"),
        Column("bodies", pa.int64(), "of them with another body"),
        Column("boundaries", pa.int64(), "of them with other spans in the page"),
        Column("facts", pa.int64(), "of them with another byline, date, outlet, …"),
        Column("verdicts", pa.int64(), "of them landed where they were set aside, or otherwise"),
        Column("changed_chars", pa.int64(), "characters of all paragraphs that changed"),
    ),
    partition=None,
)
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
        Column("url", pa.string(), "where its page was found, normalised, without trackers", True),
        Column("language", pa.string(), "ISO 639-1 code; und when it cannot be told"),
        Column("words", pa.int32(), "words of the body"),
        Column("text_hash", pa.string(), "sha256 of the normalised headline and body"),
        Column("hash_version", pa.int32(), "how text_hash was made; null: 1, without marks", True),
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
