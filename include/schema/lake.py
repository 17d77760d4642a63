"""
The tables and columns of the lake, with type, unit and meaning.

The only source of the lake's schemas, the warehouse's comments and docs/data-dictionary.md. Offsets
count characters (Python `str`) of the page's decoded text; ends are exclusive. A byte-order mark at
the start of a file is not part of the text.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.analysis import ANALYSES, EVENT_CHANGES, MART_TABLES
from include.schema.column import (
    DAY,
    OBSERVED,
    PAGE_ID,
    RUN,
    STAMP,
    WORDS,
    Column,
    Table,
    schema_of,
)
from include.schema.erasures import ERASURES
from include.schema.maintenance import TENDINGS
from include.schema.quality import GATE_OPENINGS, PAGE_FLAGS, QUALITY_RESULTS, RUN_FIGURES
from include.schema.review import OVERRIDES, REVIEWS
from include.schema.revisions import RESPLIT_CHANGES, STORY_REVISIONS
from include.schema.split import BATCH_PAGES, CHROME_PARTS, STORY_PARTS, SUPPLIED

__all__ = [
    "ANALYSES", "ANALYSIS_TABLES", "BATCH_PAGES", "CHROME", "CHROME_PARTS", "DAY", "ERASURES",
    "FLAGS", "GATE_OPENINGS", "INGEST_TABLES", "LAKE_TABLES", "MART_TABLES", "OBSERVED",
    "OVERRIDES",
    "PAGES", "PAGE_FLAGS", "QUALITY_RESULTS", "QUARANTINE", "RESPLIT_CHANGES", "REVIEWS", "RUN",
    "RUNS", "RUN_FIGURES", "STAMP", "STORIES", "STORY_PARTS", "STORY_REVISIONS", "SUPPLIED",
    "TENDINGS", "WORDS", "Column", "Table", "schema_of",
]  # fmt: skip

FLAGS = Column("quality_flags", WORDS, "ids of the warning rules that it broke")

PAGES = Table(
    "pages",
    "one delivery of one file; the table is the ledger",
    (
        Column("delivery_id", pa.string(), "24 hex digits: hash of inbox, name and page_id"),
        PAGE_ID,
        Column("name", pa.string(), "path of the file inside its inbox; archive!member"),
        Column("inbox", pa.string(), "path or URL of the inbox"),
        Column("size_bytes", pa.int64(), "size of the file or member (bytes)"),
        Column("modified_at", STAMP, "modification time of the file (UTC)"),
        Column(
            "outcome",
            pa.string(),
            "landed, no_story, rejected, redelivered, unpacked, resplit or replaced (by a page "
            "with the same URL and another name)",
        ),
        Column("reason", pa.string(), "why it was rejected", True),
        Column("encoding", pa.string(), "how the bytes were decoded", True),
        Column("replaced_chars", pa.int32(), "bytes or NULs replaced by U+FFFD (characters)"),
        Column("flags", WORDS, "peculiarities of the bytes: nul_chars, control_chars, mojibake, …"),
        Column("page_chars", pa.int32(), "characters in the decoded text"),
        Column("story_chars", pa.int32(), "non-blank characters in stories, also quarantined ones"),
        Column("chrome_chars", pa.int32(), "non-blank characters in chrome"),
        Column("stories_landed", pa.int32(), "stories that landed"),
        Column("stories_quarantined", pa.int32(), "stories that were quarantined"),
        Column("revises_page_id", pa.string(), "page that had this name before", True),
        Column("splitter_version", pa.string(), "version of the splitter that split it", True),
        *SUPPLIED,
        *RUN,
        Column("raw", pa.binary(), "its bytes, from which it can be re-split", True),
        DAY,
    ),
)
STORIES = Table(
    "stories",
    "one story of the newest version of a page",
    (*STORY_PARTS, FLAGS, *RUN, DAY),
)
CHROME = Table("chrome", "one span of a page that belongs to no story", (*CHROME_PARTS, *RUN, DAY))
QUARANTINE = Table(
    "quarantine",
    "one story that failed a critical rule",
    (
        *STORY_PARTS,
        FLAGS,
        Column("failed_rules", WORDS, "ids of the critical rules it failed"),
        Column("observed", OBSERVED, "the values that broke these rules"),
        Column("suite_version", pa.string(), "version of the suite that judged it"),
        Column("resolution", pa.string(), "rejected; null while it awaits review", True),
        Column("resolved_at", STAMP, "when that was decided (UTC)", True),
        Column("resolved_by", pa.string(), "who decided it", True),
        *RUN,
        DAY,
    ),
)
RUNS = Table(
    "runs",
    "one ingest run",
    (
        *RUN,
        Column("finished_at", STAMP, "when it landed (UTC)"),
        Column("seconds", pa.float64(), "seconds from start to landing"),
        Column("inbox", pa.string(), "path or URL of the inbox"),
        Column("files_seen", pa.int64(), "files listed, and members of archives"),
        Column("files_taken", pa.int64(), "files that were split, with or without a story"),
        Column("files_rejected", pa.int64(), "files rejected; `pages` has the reasons"),
        Column("files_redelivered", pa.int64(), "files with known bytes under a new name"),
        Column("files_skipped", pa.int64(), "files in the ledger already; an archive counts once"),
        Column("files_waiting", pa.int64(), "files left for a later run: growing, or unreadable"),
        Column("files_ignored", pa.int64(), "files that are hidden, partial or of another kind"),
        Column("bytes_taken", pa.int64(), "size of the files that were split (bytes)"),
        Column("page_chars", pa.int64(), "non-blank characters in these files"),
        Column("story_chars", pa.int64(), "of these, in stories, also quarantined ones"),
        Column("chrome_chars", pa.int64(), "of these, in chrome"),
        Column("stories_found", pa.int64(), "stories that the splitter found"),
        Column("stories_landed", pa.int64(), "of these, landed"),
        Column("stories_quarantined", pa.int64(), "of these, quarantined"),
        Column("splitter_version", pa.string(), "version of the splitter"),
        Column("suite_version", pa.string(), "version of the suite for stories"),
        Column("book_version", pa.int32(), "version of the chrome book that was used", True),
        Column("kind", pa.string(), "ingest, review or resplit; null: ingest (old runs)", True),
        Column("files_unpacked", pa.int64(), "archives whose members were read", True),
    ),
    partition=None,
)

CHROME_BOOK = Table(
    "chrome_book",
    "one line that many pages repeat, of one outlet or (outlet null) of any",
    (
        Column("outlet", pa.string(), "the outlet; null: all outlets", True),
        Column("line_id", pa.string(), "16 hex digits: hash of the line, without case and blanks"),
        Column("text", pa.string(), "the line, as on one of the pages"),
        Column("words", pa.int32(), "words in the line; more words need more evidence"),
        Column("pages", pa.int64(), "current pages that have the line"),
        Column("story_pages", pa.int64(), "of these, pages on which it is part of a story"),
        Column("stories", pa.float64(), "different stories on these pages"),
        Column("first_seen_at", STAMP, "when the first of these pages was ingested (UTC)"),
        Column("last_seen_at", STAMP, "when the last of these pages was ingested (UTC)"),
        Column("book_version", pa.int32(), "version of the book: of this table in the lake"),
        Column("rule_version", pa.int32(), "version of the rule that chose the line"),
        Column("built_at", STAMP, "when the book was written (UTC)"),
    ),
    partition=None,
)

INGEST_TABLES = (
    PAGES, STORIES, CHROME, QUARANTINE, QUALITY_RESULTS, PAGE_FLAGS, RUN_FIGURES, GATE_OPENINGS,
    RUNS, CHROME_BOOK, STORY_REVISIONS, REVIEWS, OVERRIDES, TENDINGS,
    RESPLIT_CHANGES,
)  # fmt: skip
# The first analysis creates these, so that a landing checks no table that it does not write to.
ANALYSIS_TABLES = (ANALYSES, *MART_TABLES, EVENT_CHANGES)
LAKE_TABLES = (*INGEST_TABLES, *ANALYSIS_TABLES, ERASURES)  # the first erasure creates its table
STORY_SPANS = ("headline_spans", "body_spans", "caption_spans", "other_spans")
