"""
The tables, views and macros of the warehouse, which analysts query.

Names are `schema.table`. `main` has what is current, `lake` the files as they are. Columns of the
lake are described with its tables; only what the warehouse derives is described here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from include.schema.column import STAMP, Column, Table, mirror, pick
from include.schema.lake import (
    CHROME,
    CHROME_BOOK,
    DAY,
    LAKE_TABLES,
    PAGES,
    RUNS,
    STORIES,
    STORY_REVISIONS,
)
from include.schema.maintenance import STORAGE
from include.schema.mart_views import ANALYSIS_VIEWS
from include.schema.outlets import OUTLET_DAILY, OUTLET_PUBLISHED
from include.schema.quality_views import QUALITY_VIEWS


@dataclass(frozen=True)
class Macro:
    """
    One table macro: `select * from name(arguments)`.

    arguments: each a name, or `name := default`.
    """

    name: str
    arguments: tuple[str, ...]
    meaning: str


LAKE_VIEWS = tuple(
    replace(kind, name=f"lake.{kind.name}", partition=None, grain=f"{kind.grain}; includes "
            "rows of superseded pages and unfinished runs")
    for kind in LAKE_TABLES
)  # fmt: skip

MAIN_STORIES = mirror("main.stories", "one story of a current page", STORIES)
MAIN_STORY_LIST = Table(
    "main.story_list",
    "one story of a current page, without its text: quicker to count and list than main.stories",
    pick(
        MAIN_STORIES, "story_id", "page_id", "source_name", "story_no", "headline", "outlet",
        "language", "published_at", "published_precision", "words", "confidence", "quality_flags",
        "run_id", "ingested_at", "ingest_day",
    ),
    partition=None,
)  # fmt: skip
MAIN_PAGES = mirror(
    "main.pages",
    "one current page (the newest of a file name), as last split",
    PAGES,
)
MAIN_CAPTIONS = Table(
    "main.captions",
    "one caption of a picture in a current story",
    (
        *pick(STORIES, "story_id", "page_id", "source_name"),
        Column("caption_no", pa.int32(), "position in the story, from 1"),
        Column("caption", pa.string(), "text of the caption", True),
        Column("credit", pa.string(), "who took the picture, in the words of the text", True),
        DAY,
    ),
    partition=None,
)
MAIN_CHROME = mirror("main.chrome", "one span of a current page that belongs to no story", CHROME)
MAIN_STORY_REVISIONS = mirror("main.story_revisions", STORY_REVISIONS.grain, STORY_REVISIONS)
MAIN_CHROME_BOOK = mirror("main.chrome_book", f"{CHROME_BOOK.grain}; the newest book", CHROME_BOOK)

DUPLICATES = Table(
    "marts.duplicates",
    "one story whose text is on more than one page",
    (
        *pick(STORIES, "text_hash"),
        Column("copy_no", pa.int32(), "position among the copies, by publication, then ingestion"),
        Column("copies", pa.int32(), "current copies"),
        Column("is_first", pa.bool_(), "whether this is the copy to count"),
        Column("first_story_id", pa.string(), "the copy to count"),
        *pick(STORIES, "story_id", "page_id", "source_name", "headline", "outlet"),
        *pick(STORIES, "published_at", "ingested_at"),
    ),
    partition=None,
)
URL_VERSIONS = Table(
    "marts.url_versions",
    "one text that a URL has had, on one current page",
    (
        *pick(STORIES, "url"),
        Column("version_no", pa.int32(), "position among the URL's texts, by ingestion"),
        Column("versions", pa.int32(), "number of texts that the URL has had"),
        Column("is_newest", pa.bool_(), "whether this is the newest text"),
        *pick(STORIES, "page_id", "source_name"),
        Column("stories", pa.int32(), "stories on that page"),
        Column("headline", pa.string(), "headline of the first of them", True),
        Column("published_at", STAMP, "when the first of them was published (UTC)", True),
        *pick(STORIES, "ingested_at"),
    ),
    partition=None,
)

SNAPSHOT = Table(
    "meta.snapshot",
    "the version of the lake that this file shows (one row)",
    (
        Column("lake_key", pa.string(), "versions of the lake's tables; cite this"),
        Column("projection", pa.string(), "changes with the warehouse's views and comments"),
        Column(
            "lake_root",
            pa.string(),
            "folder or URL of the lake; `set variable lake_root` overrides it",
        ),
        Column("built_at", STAMP, "when this file was built (UTC)"),
    ),
    partition=None,
)
VERSION = Column(
    "version", pa.int64(), "version of the lake after that run, from 1; for `query --version`"
)
META_RUNS = mirror("meta.runs", RUNS.grain, RUNS, VERSION)
HISTORY = Table(
    "meta.history",
    "one event of one page or story, in chronological order",
    (
        Column("happened_at", STAMP, "when (UTC); for the events of a run, its start"),
        Column("step", pa.int32(), "order of events at the same time"),
        Column(
            "event",
            pa.string(),
            "delivered, redelivered, rejected, unpacked, split, split again, flagged, landed, "
            "set aside, duplicate, revised, replaced, reviewed, corrected, correction withdrawn",
        ),
        Column(
            "page_id", pa.string(), "the page; null: a correction for all pages of an outlet", True
        ),
        Column("story_id", pa.string(), "the story; null: the event concerns the whole page", True),
        Column("inbox", pa.string(), "the inbox, for a delivery", True),
        Column("source_name", pa.string(), "path of the file inside its inbox", True),
        Column("detail", pa.string(), "details, in words", True),
        Column("run_id", pa.string(), "run that did it; null: none", True),
        replace(VERSION, meaning="version of the lake after that run; null: no run", nullable=True),
        Column("who", pa.string(), "person who did it; null: nobody", True),
    ),
    partition=None,
)
DELIVERIES = mirror(
    "meta.deliveries",
    "one delivery of one file, whatever its outcome",
    PAGES,
    Column("is_current", pa.bool_(), "whether it is the newest of its name that was not rejected"),
)
DATA_DICTIONARY = Table(
    "meta.data_dictionary",
    "one column of the warehouse, or (column_no 0) one table",
    (
        Column("schema_name", pa.string(), "the schema"),
        Column("table_name", pa.string(), "the table or view"),
        Column("column_no", pa.int32(), "position in the table, from 1; 0: the table itself"),
        Column("column_name", pa.string(), "the column", True),
        Column("type", pa.string(), "its SQL type", True),
        Column("nullable", pa.bool_(), "whether it may be null", True),
        Column("meaning", pa.string(), "meaning, with the unit; for a table, what a row is"),
    ),
    partition=None,
)

WAREHOUSE_TABLES = (
    MAIN_STORIES, MAIN_STORY_LIST, MAIN_PAGES, MAIN_CAPTIONS, MAIN_CHROME, MAIN_CHROME_BOOK,
    MAIN_STORY_REVISIONS, DUPLICATES, OUTLET_DAILY, OUTLET_PUBLISHED, URL_VERSIONS,
    *QUALITY_VIEWS, *ANALYSIS_VIEWS,
    SNAPSHOT, META_RUNS, DELIVERIES, HISTORY, STORAGE, DATA_DICTIONARY,
    *LAKE_VIEWS,
)  # fmt: skip

SCHEMAS = {
    "main": "current pages and what is on them; start here",
    "marts": "tables derived from stories, and counts and comparisons across stories",
    "quality": "results of the quality rules",
    "meta": "where the data comes from",
    "lake": "the lake's files as they are",
}

MACROS = (
    Macro(
        "attention",
        ("term",),
        "the share of each outlet's stories, day by day, that have a word, or words in a row",
    ),
    Macro(
        "attention_entity",
        ("id",),
        "the share of each outlet's stories, day by day, that name an entity; id is an entity_id",
    ),
    Macro(
        "search_stories",
        ("q", "most := 100"),
        "stories whose headline or body has the words of q, best first; docs/analysis.md has the "
        "grammar, of which programs other than Copydesk support plain words only",
    ),
    Macro(
        "story_in_page",
        ("id",),
        "all spans of a story's page in order, with the story each belongs to",
    ),
    Macro(
        "why",
        ("file",),
        "deliveries of a file and their stories; the file is given by its name or the end of it, a "
        "page_id or a story_id, and an archive means its members",
    ),
)
