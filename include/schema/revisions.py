"""
The lake tables of what replaced what: `resplit_changes` and `story_revisions`; view `resplits`.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, PAGE_ID, RUN, STAMP, WORDS, Column, Table, pick

CHANGE = (
    PAGE_ID,
    Column("source_name", pa.string(), "path of the file inside its inbox"),
    Column("outlet", pa.string(), "who published it: by the new split, the old or metadata", True),
    Column("change", pa.string(), "added, gone or changed"),
    Column(
        "what", WORDS,
        "what changed: headline, body, boundaries (spans on the page), facts (byline, "
        "dateline, date, outlet, deck, language, agencies, tags), verdict (landed or quarantined)",
    ),
    Column("story_id_before", pa.string(), "story before; null: it is new", True),
    Column("story_id_after", pa.string(), "story after; null: it is gone", True),
    Column("headline_before", pa.string(), "headline before", True),
    Column("headline_after", pa.string(), "headline after", True),
    Column("verdict_before", pa.string(), "landed or quarantined, before", True),
    Column("verdict_after", pa.string(), "landed or quarantined, after", True),
    Column("body_chars_before", pa.int32(), "characters in the body before", True),
    Column("body_chars_after", pa.int32(), "characters in the body after", True),
    Column("changed_chars", pa.int64(), "characters in paragraphs that only one of the two has"),
    Column(
        "diff", pa.string(),
        "unified diff, one line per paragraph, headline first; empty: same words",
    ),
    Column("splitter_version_before", pa.string(), "version of the splitter before", True),
    Column("splitter_version_after", pa.string(), "version of the splitter after", True),
)  # fmt: skip

RESPLIT_CHANGES = Table(
    "resplit_changes",
    "one story that re-splitting its page would add, remove or change, and what was decided",
    (
        *CHANGE,
        Column("decision", pa.string(), "approved, refused or dry_run; only approved ones land"),
        Column("decided_by", pa.string(), "who decided; null: nobody was asked", True),
        Column("decided_at", STAMP, "when that was decided (UTC)"),
        *RUN,
        DAY,
    ),
)  # fmt: skip

RESPLITS = Table(
    "quality.resplits",
    "one outlet (null: not named) in one re-split, and what was decided",
    (
        *RUN,
        *pick(RESPLIT_CHANGES, "decision", "decided_by", "decided_at", "outlet"),
        Column("pages", pa.int64(), "pages on which a story was added, removed or changed"),
        Column("added", pa.int64(), "stories added"),
        Column("gone", pa.int64(), "stories removed"),
        Column("changed", pa.int64(), "stories changed"),
        Column("headlines", pa.int64(), "of these, headlines that changed"),
        Column("bodies", pa.int64(), "of these, bodies that changed"),
        Column("boundaries", pa.int64(), "of these, stories whose spans changed"),
        Column("facts", pa.int64(), "of these, with a change of byline, date, outlet, …"),
        Column("verdicts", pa.int64(), "of these, landed instead of quarantined, or the reverse"),
        Column("changed_chars", pa.int64(), "characters in all paragraphs that changed"),
    ),
    partition=None,
)
STORY_REVISIONS = Table(
    "story_revisions",
    "one story that left `stories` because its page was revised or re-split",
    (
        Column("story_id", pa.string(), "the story that left"),
        PAGE_ID,
        Column("source_name", pa.string(), "path of the file inside its inbox"),
        Column("story_no", pa.int32(), "position on the page, from 1"),
        Column("headline", pa.string(), "headline; null if the text had none", True),
        Column("deck", pa.string(), "line below the headline that sums up the story", True),
        Column("body", pa.string(), "paragraphs, separated by blank lines"),
        Column("byline", pa.string(), "who wrote it, in the words of the text", True),
        Column("published_at", STAMP, "when it was published (UTC); null if unknown", True),
        Column("outlet", pa.string(), "who published it, if the page said so", True),
        Column("url", pa.string(), "address of its page, normalised, without trackers", True),
        Column("language", pa.string(), "ISO 639-1 code; und if it could not be determined"),
        Column("words", pa.int32(), "words in the body"),
        Column("text_hash", pa.string(), "sha256 of the normalised headline and body"),
        Column("hash_version", pa.int32(), "how text_hash was made; null: 1, without marks", True),
        Column("splitter_version", pa.string(), "version of the splitter that found it"),
        Column("landed_run_id", pa.string(), "run that had landed it"),
        Column("landed_at", STAMP, "start of that run (UTC)"),
        Column("reason", pa.string(), "revised (new bytes under its name) or resplit"),
        Column("replaced_by_page_id", pa.string(), "page that replaced its page"),
        Column(
            "new_story_id", pa.string(), "story that continues it; null: none does clearly", True
        ),
        Column("similarity", pa.float64(), "share of word triples in common, 0 to 1", True),
        Column(
            "diff", pa.string(),
            "unified diff, one line per paragraph, headline first; empty: same words", True,
        ),
        *RUN,
        DAY,
    ),
)  # fmt: skip
