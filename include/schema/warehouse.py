"""
The warehouse's half of the data dictionary: the tables, views and macros that analysts meet.

Names are `schema.table`. `main` is what one types, `lake` the files as they are. Columns that come
from the lake are the lake's own (`columns.py`); only what the warehouse derives is described here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from include.schema.column import STAMP, Column, Table, pick, take_over
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
from include.schema.quality_views import QUALITY_VIEWS


@dataclass(frozen=True)
class Macro:
    """One table macro: `select * from name(arguments)`."""

    name: str
    arguments: tuple[str, ...]
    meaning: str


LAKE_VIEWS = tuple(
    replace(kind, name=f"lake.{kind.name}", partition=None, grain=f"{kind.grain}; as the files "
            "hold it, rows of superseded pages and unfinished runs included")
    for kind in LAKE_TABLES
)  # fmt: skip

MAIN_STORIES = take_over("main.stories", "one story of a page that stands", STORIES)
MAIN_PAGES = take_over("main.pages", "one page that stands, as it was split last", PAGES)
MAIN_CAPTIONS = Table(
    "main.captions",
    "one picture's caption in a story that stands",
    (
        *pick(STORIES, "story_id", "page_id", "source_name"),
        Column("caption_no", pa.int32(), "position in the story, from 1"),
        Column("caption", pa.string(), "the caption's text", True),
        Column("credit", pa.string(), "who took the picture, as it stands in the text", True),
        DAY,
    ),
    partition=None,
)
MAIN_CHROME = take_over("main.chrome", "one span of a standing page that is no story", CHROME)
MAIN_STORY_REVISIONS = take_over("main.story_revisions", STORY_REVISIONS.grain, STORY_REVISIONS)
MAIN_CHROME_BOOK = take_over(
    "main.chrome_book", f"{CHROME_BOOK.grain}; the newest book", CHROME_BOOK
)

DUPLICATES = Table(
    "marts.duplicates",
    "one story whose words stand on more than one page",
    (
        *pick(STORIES, "text_hash"),
        Column("copy_no", pa.int32(), "position among the copies: published, then ingested first"),
        Column("copies", pa.int32(), "copies that stand"),
        Column("is_first", pa.bool_(), "whether this is the copy to count"),
        Column("first_story_id", pa.string(), "the copy to count"),
        *pick(STORIES, "story_id", "page_id", "source_name", "headline", "outlet"),
        *pick(STORIES, "published_at", "ingested_at"),
    ),
    partition=None,
)
OUTLET_DAILY = Table(
    "marts.outlet_daily",
    "one outlet (null: not named in the text) on one day of ingestion",
    (
        DAY,
        *pick(STORIES, "outlet"),
        Column("stories", pa.int64(), "stories that stand, later copies included"),
        Column("later_copies", pa.int64(), "of them with words that stand on an earlier page"),
        Column("pages", pa.int64(), "pages they come from"),
        Column("words", pa.int64(), "words of their bodies"),
        Column("flagged", pa.int64(), "of them with at least one warning"),
        Column("mean_confidence", pa.float64(), "mean confidence of the splitter, 0 to 1"),
        Column("first_published_at", STAMP, "earliest known publication (UTC)", True),
        Column("last_published_at", STAMP, "latest known publication (UTC)", True),
    ),
    partition=None,
)
OUTLET_PUBLISHED = Table(
    "marts.outlet_published",
    "one outlet (null: not named in the text) on one day of publication",
    (
        Column("published_date", pa.date32(), "day of publication (UTC); null: not known", True),
        *pick(STORIES, "outlet"),
        Column("stories", pa.int64(), "stories that stand, later copies included"),
        Column("later_copies", pa.int64(), "of them with words that stand on an earlier page"),
        Column("words", pa.int64(), "words of their bodies"),
        Column("first_ingested_at", STAMP, "when the first of them was ingested (UTC)"),
        Column("last_ingested_at", STAMP, "when the last of them was ingested (UTC)"),
    ),
    partition=None,
)
URL_VERSIONS = Table(
    "marts.url_versions",
    "one text that a URL has shown, on one page that stands",
    (
        *pick(STORIES, "url"),
        Column("version_no", pa.int32(), "position among the URL's texts, first ingested first"),
        Column("versions", pa.int32(), "texts that the URL has shown"),
        Column("is_newest", pa.bool_(), "whether this is what the URL showed last"),
        *pick(STORIES, "page_id", "source_name"),
        Column("stories", pa.int32(), "stories on that page"),
        Column("headline", pa.string(), "the headline of the first of them", True),
        Column("published_at", STAMP, "when the first of them was published (UTC)", True),
        *pick(STORIES, "ingested_at"),
    ),
    partition=None,
)

SNAPSHOT = Table(
    "meta.snapshot",
    "the one row that says what this file is",
    (
        Column("lake_key", pa.string(), "versions of the lake's tables: cite it"),
        Column("projection", pa.string(), "changes when the warehouse's views or comments do"),
        Column("lake_root", pa.string(), "folder of the lake; `set variable lake_root` moves it"),
        Column("built_at", STAMP, "when this file was built (UTC)"),
    ),
    partition=None,
)
VERSION = Column("version", pa.int64(), "the lake as a run left it, from 1: `query --version`")
META_RUNS = take_over("meta.runs", RUNS.grain, RUNS, VERSION)
HISTORY = Table(
    "meta.history",
    "one event of one page or story, in the order of time",
    (
        Column("happened_at", STAMP, "when: a run's events when it began, a person's then (UTC)"),
        Column("step", pa.int32(), "orders the events of one moment"),
        Column(
            "event",
            pa.string(),
            "delivered, redelivered, rejected, unpacked, split, split again, flagged, landed, "
            "set aside, duplicate, revised, replaced, reviewed, corrected, correction withdrawn",
        ),
        Column("page_id", pa.string(), "the page; null: a correction of an outlet's pages", True),
        Column("story_id", pa.string(), "the story; null: an event of the whole page", True),
        Column("inbox", pa.string(), "the inbox, of a delivery", True),
        Column("source_name", pa.string(), "the file's path inside its inbox", True),
        Column("detail", pa.string(), "how, why or by what, in words", True),
        Column("run_id", pa.string(), "the run that did it; null: a person, or no run", True),
        replace(VERSION, meaning="the lake as that run left it; null: no run", nullable=True),
        Column("who", pa.string(), "the person who did it; null: no person", True),
    ),
    partition=None,
)
DELIVERIES = take_over(
    "meta.deliveries",
    "one delivery of one file, whatever became of it",
    PAGES,
    Column("is_current", pa.bool_(), "whether it is what its name stands for"),
)
DATA_DICTIONARY = Table(
    "meta.data_dictionary",
    "one column of the warehouse; one more row a table, of number 0",
    (
        Column("schema_name", pa.string(), "the schema"),
        Column("table_name", pa.string(), "the table or view"),
        Column("column_no", pa.int32(), "position in the table, from 1; 0: the table itself"),
        Column("column_name", pa.string(), "the column", True),
        Column("type", pa.string(), "its SQL type", True),
        Column("nullable", pa.bool_(), "whether it may be null", True),
        Column("meaning", pa.string(), "what it says, with the unit; of a table, what a row is"),
    ),
    partition=None,
)

WAREHOUSE_TABLES = (
    MAIN_STORIES, MAIN_PAGES, MAIN_CAPTIONS, MAIN_CHROME, MAIN_CHROME_BOOK,
    MAIN_STORY_REVISIONS, DUPLICATES, OUTLET_DAILY, OUTLET_PUBLISHED, URL_VERSIONS,
    *QUALITY_VIEWS,
    SNAPSHOT, META_RUNS, DELIVERIES, HISTORY, STORAGE, DATA_DICTIONARY,
    *LAKE_VIEWS,
)  # fmt: skip

SCHEMAS = {
    "main": "what analysts type: pages that stand, and what is in them",
    "marts": "what is counted and compared across stories",
    "quality": "what the rules said",
    "meta": "where it all comes from",
    "lake": "the lake's files as they are",
}

MACROS = (
    Macro("search_stories", ("q",), "stories whose headline or body holds q, whatever its case"),
    Macro("story_in_page", ("id",), "all spans of a story's page in order, and whose each is"),
    Macro(
        "why",
        ("file",),
        "deliveries of a file (its name or the end of it; an archive's, its members; a page_id or "
        "a story_id) and their stories",
    ),
)
