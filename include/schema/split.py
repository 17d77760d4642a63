"""
What intake passes to the splitter, and what the splitter returns: columns before the lake adds the
run's.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import CAPTIONS, PAGE_ID, ROLE_SPANS, SPANS, STAMP, WORDS, Column

# Metadata that comes with a page's text: from its file, container, folder or sidecar.
SUPPLIED = (
    Column("media_type", pa.string(), "what the bytes are: text, html, json, warc, zip, …", True),
    Column(
        "text_from",
        pa.string(),
        "html: whole, main, visible or main_visible; json: the field with the text",
        True,
    ),
    Column("outlet", pa.string(), "who published the page, by its metadata", True),
    Column("url", pa.string(), "address of the page, by its metadata", True),
    Column("title", pa.string(), "title of the page, by its metadata", True),
    Column(
        "title_source",
        pa.string(),
        "origin of the title: sidecar, record, og:title, meta, json-ld, title, subject, markdown",
        True,
    ),
    Column("author", pa.string(), "who wrote the page, by its metadata", True),
    Column("fetched_at", STAMP, "when it was fetched, by its metadata (UTC)", True),
    Column("published_at", STAMP, "when it was published, by its metadata (UTC)", True),
    Column("published_precision", pa.string(), "of published_at: minute, hour or day", True),
)

# What intake passes to the splitter: one row per file or archive member that is new to the ledger.
# Never stored like this.
BATCH_PAGES = (
    PAGE_ID,
    Column("name", pa.string(), "path inside the inbox, '/'-separated; archive!member"),
    Column("inbox", pa.string(), "path or URL of the inbox"),
    Column("size_bytes", pa.int64(), "size of the file (bytes)"),
    Column("modified_at", STAMP, "modification time of the file (UTC); nothing depends on it"),
    Column("outcome", pa.string(), "taken, rejected, redelivered or unpacked"),
    Column("reason", pa.string(), "why it was not taken: empty, whitespace_only, xml, …", True),
    Column("encoding", pa.string(), "how the bytes were decoded", True),
    Column("replaced_chars", pa.int32(), "bytes or NULs replaced by U+FFFD (characters)"),
    Column("flags", WORDS, "peculiarities of the bytes: nul_chars, control_chars, mojibake, …"),
    Column("text", pa.string(), "decoded text; null unless taken", True),
    Column("raw", pa.binary(), "its bytes; null if redelivered, unpacked or too large", True),
    *SUPPLIED,
)

# What the splitter returns for a story. The lake's table `stories` adds the columns of the run.
STORY_PARTS = (
    Column("story_id", pa.string(), "24 hex digits: hash of page_id and where the body starts"),
    PAGE_ID,
    Column("source_name", pa.string(), "path of the file inside its inbox"),
    Column("story_no", pa.int32(), "position on the page, from 1"),
    Column("page_stories", pa.int32(), "number of stories on the page"),
    Column("headline", pa.string(), "headline; null if none is known", True),
    Column(
        "headline_source", pa.string(), "text, file (the title in the metadata) or review", True
    ),
    Column("deck", pa.string(), "line below the headline that sums up the story", True),
    Column("body", pa.string(), "paragraphs, separated by blank lines"),
    Column("byline", pa.string(), "who wrote it, in the words of the text", True),
    Column("dateline", pa.string(), "place and date before the first sentence", True),
    Column("published_at", STAMP, "when it was published (UTC); null if unknown", True),
    Column("published_precision", pa.string(), "of published_at: minute, hour or day", True),
    Column(
        "published_source",
        pa.string(),
        "where published_at is from: text, relative (an age), file or review",
        True,
    ),
    Column("outlet", pa.string(), "who published it, if the page says so", True),
    Column("url", pa.string(), "address of its page, normalised, without trackers", True),
    Column("agencies", WORDS, "news agencies credited in the story: AFP, Reuters, …"),
    Column("tags", WORDS, "topic tags next to the story"),
    Column("captions", CAPTIONS, "captions of pictures, without repeats, with credits"),
    Column("language", pa.string(), "ISO 639-1 code; und if it cannot be determined"),
    Column("words", pa.int32(), "words in the body"),
    Column("body_chars", pa.int32(), "characters in the body"),
    Column("page_chars", pa.int32(), "characters in the text of the whole page"),
    Column("headline_spans", SPANS, "positions of the headline; repeats follow the first"),
    Column("body_spans", SPANS, "positions of the body, in reading order"),
    Column("caption_spans", SPANS, "positions of captions, including repeats"),
    Column(
        "other_spans",
        ROLE_SPANS,
        "spans and roles of deck, subheads, byline, dateline, tags, tables, contacts, corrections, "
        "and of lines that say that the text is paywalled or goes on elsewhere (read_more)",
    ),
    Column("chrome_hits", pa.int32(), "chrome phrases left in the body; should be 0"),
    Column("confidence", pa.float64(), "how sure the splitter is, 0 to 1"),
    Column("reasons", WORDS, "why this is a story and ends where it ends"),
    Column("text_hash", pa.string(), "sha256 of the normalised headline and body"),
    Column("hash_version", pa.int32(), "how text_hash was made; null: 1, without marks", True),
    Column(
        "splitter_version", pa.string(), "version of the splitter; changes only with its output"
    ),
)

CHROME_PARTS = (
    PAGE_ID,
    Column("chrome_no", pa.int32(), "position among the chrome spans of the page, from 1"),
    Column("line_no", pa.int32(), "line of the page, from 1"),
    Column("start", pa.int32(), "first character"),
    Column("end", pa.int32(), "one past the last character"),
    Column("role", pa.string(), "disclosure, widget, promo, navigation, related, comment, …"),
    Column("reason", pa.string(), "why it is not part of a story"),
    Column("text", pa.string(), "text of the span"),
)
