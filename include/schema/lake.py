"""
The data dictionary: every table and column that Copydesk writes, with type, unit and meaning.

The one source of the lake's schemas, the warehouse's comments and docs/data-dictionary.md.
Offsets count characters (Python `str`) of the page's decoded text, end-exclusive; a byte-order mark
at the start of a file is not part of the text.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import (
    CAPTIONS,
    DAY,
    OBSERVED,
    PAGE_ID,
    ROLE_SPANS,
    RUN,
    SPANS,
    STAMP,
    WORDS,
    Column,
    Table,
    schema_of,
)
from include.schema.maintenance import TENDINGS
from include.schema.quality import GATE_OPENINGS, PAGE_FLAGS, QUALITY_RESULTS, RUN_FIGURES
from include.schema.review import OVERRIDES, REVIEWS
from include.schema.revisions import RESPLIT_CHANGES, STORY_REVISIONS

__all__ = [
    "BATCH_PAGES", "CHROME", "CHROME_PARTS", "DAY", "FLAGS", "GATE_OPENINGS", "LAKE_TABLES",
    "OBSERVED", "OVERRIDES", "PAGES", "PAGE_FLAGS", "QUALITY_RESULTS", "QUARANTINE",
    "RESPLIT_CHANGES", "REVIEWS", "RUN", "RUNS", "RUN_FIGURES", "STAMP", "STORIES", "STORY_PARTS",
    "STORY_REVISIONS", "TENDINGS", "TOLD", "WORDS", "Column", "Table", "schema_of",
]  # fmt: skip

# What a page's file, its container, its folder or the sidecar beside it tell of it.
TOLD = (
    Column("media_type", pa.string(), "what the bytes are: text, html, json, warc, zip, …", True),
    Column("text_from", pa.string(), "html: whole or main; json: the field with the text", True),
    Column("outlet", pa.string(), "who published the page, as its delivery tells", True),
    Column("url", pa.string(), "where the page was found, as its delivery tells", True),
    Column("title", pa.string(), "the page's title, as its delivery tells", True),
    Column("fetched_at", STAMP, "when it was fetched, as its delivery tells (UTC)", True),
    Column("published_at", STAMP, "when it was published, as its delivery tells (UTC)", True),
    Column("published_precision", pa.string(), "of that time: minute, hour or day", True),
)

# What intake hands to split: one row a file or member of an archive that is new to the ledger.
# Never stored as it is.
BATCH_PAGES = (
    PAGE_ID,
    Column("name", pa.string(), "the path inside the inbox, '/'-separated; archive!member"),
    Column("inbox", pa.string(), "the inbox's path"),
    Column("size_bytes", pa.int64(), "the file's size (bytes)"),
    Column("modified_at", STAMP, "the file's modification time (UTC); told, never relied upon"),
    Column("outcome", pa.string(), "taken, rejected, redelivered or unpacked"),
    Column("reason", pa.string(), "why it was not taken: empty, whitespace_only, xml, …", True),
    Column("encoding", pa.string(), "how the bytes were decoded", True),
    Column("replaced_chars", pa.int32(), "bytes or NULs that became U+FFFD (characters)"),
    Column("flags", WORDS, "oddities met while decoding: nul_chars, control_chars, mojibake, …"),
    Column("text", pa.string(), "the decoded text; null unless taken", True),
    Column("raw", pa.binary(), "its bytes; null when redelivered, unpacked or too large", True),
    *TOLD,
)

# What the splitter gives for a story. Lake table `stories` adds the columns of the run.
STORY_PARTS = (
    Column("story_id", pa.string(), "24 hex digits from the page's bytes and the body's start"),
    PAGE_ID,
    Column("source_name", pa.string(), "the file's path inside its inbox"),
    Column("story_no", pa.int32(), "position in the page, from 1"),
    Column("page_stories", pa.int32(), "stories found on the same page"),
    Column("headline", pa.string(), "the headline; null where none stands in the text", True),
    Column("deck", pa.string(), "the line under the headline that sums the story up", True),
    Column("body", pa.string(), "the paragraphs, joined by blank lines"),
    Column("byline", pa.string(), "who wrote it, as it stands in the text", True),
    Column("dateline", pa.string(), "place and date before the first sentence", True),
    Column("published_at", STAMP, "when it was published (UTC); null when unknown", True),
    Column("published_precision", pa.string(), "minute, hour or day", True),
    Column("published_source", pa.string(), "text, relative (an age), file, or review", True),
    Column("outlet", pa.string(), "who published it, where the page says so", True),
    Column("agencies", WORDS, "news agencies credited in the story: AFP, Reuters, …"),
    Column("tags", WORDS, "topic tags that stand beside the story"),
    Column("captions", CAPTIONS, "pictures' captions, each once, with the credit"),
    Column("language", pa.string(), "ISO 639-1 code; und when it cannot be told"),
    Column("words", pa.int32(), "words of the body"),
    Column("body_chars", pa.int32(), "characters of the body"),
    Column("page_chars", pa.int32(), "characters of the whole page's text"),
    Column("headline_spans", SPANS, "where the headline stands, repeats after the first"),
    Column("body_spans", SPANS, "where the body stands, in reading order"),
    Column("caption_spans", SPANS, "where captions stand, repeats included"),
    Column("other_spans", ROLE_SPANS, "deck, subheads, byline, dateline, tags: span and role"),
    Column("chrome_hits", pa.int32(), "chrome phrases still standing in the body; 0 is right"),
    Column("confidence", pa.float64(), "how sure the splitter is, 0 to 1"),
    Column("reasons", WORDS, "why this is a story and ends where it ends"),
    Column("text_hash", pa.string(), "sha256 of the normalised headline and body: equal texts"),
    Column("splitter_version", pa.string(), "changes when, and only when, output changes"),
)

CHROME_PARTS = (
    PAGE_ID,
    Column("chrome_no", pa.int32(), "position among the page's chrome spans, from 1"),
    Column("line_no", pa.int32(), "line of the page it stands in, from 1"),
    Column("start", pa.int32(), "first character"),
    Column("end", pa.int32(), "one past the last character"),
    Column("role", pa.string(), "disclosure, widget, promo, navigation, related, comment, …"),
    Column("reason", pa.string(), "why it is not part of a story"),
    Column("text", pa.string(), "the characters themselves"),
)

FLAGS = Column("quality_flags", WORDS, "ids of the warning rules that fired")

PAGES = Table(
    "pages",
    "one delivery of one file: the ledger",
    (
        Column("delivery_id", pa.string(), "24 hex digits from inbox, name and page_id"),
        PAGE_ID,
        Column("name", pa.string(), "the file's path inside its inbox; archive!member"),
        Column("inbox", pa.string(), "the inbox's path"),
        Column("size_bytes", pa.int64(), "the file's or member's size (bytes)"),
        Column("modified_at", STAMP, "the file's modification time (UTC)"),
        Column(
            "outcome",
            pa.string(),
            "landed, no_story, rejected, redelivered or unpacked; resplit",
        ),
        Column("reason", pa.string(), "why it was rejected", True),
        Column("encoding", pa.string(), "how the bytes were decoded", True),
        Column("replaced_chars", pa.int32(), "bytes or NULs that became U+FFFD (characters)"),
        Column("flags", WORDS, "oddities met while decoding"),
        Column("page_chars", pa.int32(), "characters of the decoded text"),
        Column("story_chars", pa.int32(), "non-blank characters in story parts, quarantine too"),
        Column("chrome_chars", pa.int32(), "non-blank characters in chrome"),
        Column("stories_landed", pa.int32(), "stories landed"),
        Column("stories_quarantined", pa.int32(), "stories set aside"),
        Column("revises_page_id", pa.string(), "the page known under this name before", True),
        Column("splitter_version", pa.string(), "the splitter that split it", True),
        *TOLD,
        *RUN,
        Column("raw", pa.binary(), "its own bytes, so that history can be split again", True),
        DAY,
    ),
)
STORIES = Table(
    "stories",
    "one story of the newest version of a page",
    (*STORY_PARTS, FLAGS, *RUN, DAY),
)
CHROME = Table("chrome", "one span of a page that is no story", (*CHROME_PARTS, *RUN, DAY))
QUARANTINE = Table(
    "quarantine",
    "one story that failed a critical rule",
    (
        *STORY_PARTS,
        FLAGS,
        Column("failed_rules", WORDS, "ids of the critical rules it failed"),
        Column("observed", OBSERVED, "the values that broke them"),
        Column("suite_version", pa.string(), "the suite that judged it"),
        Column("resolution", pa.string(), "rejected; null while it waits for a person", True),
        Column("resolved_at", STAMP, "when a person decided (UTC)", True),
        Column("resolved_by", pa.string(), "who decided", True),
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
        Column("seconds", pa.float64(), "from start to landing (s)"),
        Column("inbox", pa.string(), "the inbox's path"),
        Column("files_seen", pa.int64(), "files listed, and members of the archives among them"),
        Column("files_taken", pa.int64(), "files split, with or without story"),
        Column("files_rejected", pa.int64(), "files that are no page, with a reason in pages"),
        Column("files_redelivered", pa.int64(), "known bytes under a new name"),
        Column("files_skipped", pa.int64(), "files the ledger knew; a known archive counts as one"),
        Column(
            "files_waiting",
            pa.int64(),
            "files that wait for a later run: still growing, or not readable",
        ),
        Column("files_ignored", pa.int64(), "hidden, partial or other endings"),
        Column("bytes_taken", pa.int64(), "size of the files taken (bytes)"),
        Column("page_chars", pa.int64(), "non-blank characters of the pages taken"),
        Column("story_chars", pa.int64(), "of them in stories, quarantine too"),
        Column("chrome_chars", pa.int64(), "of them in chrome"),
        Column("stories_found", pa.int64(), "stories the splitter found"),
        Column("stories_landed", pa.int64(), "stories that passed"),
        Column("stories_quarantined", pa.int64(), "stories set aside"),
        Column("splitter_version", pa.string(), "the splitter"),
        Column("suite_version", pa.string(), "the suite of the stories"),
        Column("book_version", pa.int32(), "the chrome book all pages were split with", True),
        Column("kind", pa.string(), "ingest, review or resplit; null: ingest, long ago", True),
        Column("files_unpacked", pa.int64(), "archives whose members were met", True),
    ),
    partition=None,
)

CHROME_BOOK = Table(
    "chrome_book",
    "one line that sites repeat, in one outlet or (outlet null) in the whole corpus",
    (
        Column("outlet", pa.string(), "whose pages repeat it; null: the whole corpus", True),
        Column("line_id", pa.string(), "16 hex digits of how it reads, case and blanks aside"),
        Column("text", pa.string(), "the line, as it stands on one of the pages"),
        Column("words", pa.int32(), "words of the line, which say how much evidence it needs"),
        Column("pages", pa.int64(), "standing pages it was seen on"),
        Column("story_pages", pa.int64(), "of them those on which a story held it"),
        Column("stories", pa.float64(), "different stories beside it; copies of one count as one"),
        Column("first_seen_at", STAMP, "when the first of these pages was ingested (UTC)"),
        Column("last_seen_at", STAMP, "when the last of them was (UTC)"),
        Column("book_version", pa.int32(), "the book: the version of the lake's table"),
        Column("rule_version", pa.int32(), "the rule that chose the line"),
        Column("built_at", STAMP, "when the book was written (UTC)"),
    ),
    partition=None,
)

LAKE_TABLES = (
    PAGES, STORIES, CHROME, QUARANTINE, QUALITY_RESULTS, PAGE_FLAGS, RUN_FIGURES, GATE_OPENINGS,
    RUNS, CHROME_BOOK, STORY_REVISIONS, REVIEWS, OVERRIDES, TENDINGS,
    RESPLIT_CHANGES,
)  # fmt: skip
STORY_SPANS = ("headline_spans", "body_spans", "caption_spans", "other_spans")
