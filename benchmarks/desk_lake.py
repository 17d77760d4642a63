"""
Make the published warehouse of a large lake without splitting a page: generated rows are written
as the lake's Parquet files, one per table and day, and published as any lake version is.

Sentences are of invented words; outlets, entities, flags and confidences repeat as real ones do.
Every tenth story belongs to an event of four. The bytes of pages are left out.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.search import make_sentences
from include.config.settings import Settings
from include.model import LakeVersion, TableVersion
from include.schema.analysis import (
    ANALYSES,
    ENTITY_MENTIONS,
    EVENT_MEMBERS,
    QUOTES,
    STORY_ENTITIES,
    STORY_OUTLETS,
)
from include.schema.column import Column, Table
from include.schema.dictionary import sql_type
from include.schema.lake import PAGES, QUALITY_RESULTS, QUARANTINE, RUNS, STORIES
from include.warehouse.publish import publish_warehouse

DAYS = 365
ASIDE_PER_DAY = 3
SENTENCES = 5  # of a body: some 800 characters
ANALYZED_DAYS = 60  # whose quotes and entities are published; publishing all takes 3 CPU minutes
NOW = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
SPANS = "[{'start': 0, 'end': 80}]"
# A story is a number; `dice(n, of)` draws from 0 to of - 1, the same for the same number.
SETUP = """
create macro dice(seed, salt, sides) as (hash(seed, salt) % sides)::bigint;
create table base as
select
    n,
    n % $days as back,
    ($now::timestamptz - to_days((n % $days)::integer))::timestamptz as ingested_at,
    printf('%064x', n) as page_id,
    printf('%024x', n) as story_id,
    printf('scheduled__%d', n % $days) as run_id,
    printf('%08d.txt', n) as source_name,
    'Outlet ' || (dice(n, 1, 20) * dice(n, 2, 10)) as outlet,
    ['en', 'en', 'en', 'de', 'fr', 'el'][dice(n, 3, 6) + 1] as language,
    (ingested_at - to_minutes(dice(n, 4, 4000)))::timestamptz as published_at,
    if(dice(n, 5, 20) = 0, dice(n, 6, 50), 70 + dice(n, 6, 31)) / 100 as confidence
from range($stories) as numbers (n)
"""
COMMON = {
    "page_id": "page_id", "story_id": "story_id", "run_id": "run_id", "ingested_at": "ingested_at",
    "ingest_day": "ingested_at::date", "source_name": "source_name", "analysis_id": "'a' || mart",
    "inbox": "'/inbox'",
}  # fmt: skip
STORY = {
    "story_no": "1", "page_stories": "1", "headline": "left(body, 30 + dice(n, 7, 50))",
    "headline_source": "'text'", "body": "body", "published_at": "published_at",
    "published_precision": "'minute'", "published_source": "'text'", "outlet": "outlet",
    "agencies": "if(dice(n, 8, 9) = 0, ['Reuters'], [])", "tags": "[]", "captions": "[]",
    "language": "language", "words": "array_length(split(body, ' '))",
    "body_chars": "length(body)", "page_chars": "length(body) + 200", "headline_spans": SPANS,
    "body_spans": SPANS, "caption_spans": "[]", "other_spans": "[]", "chrome_hits": "0",
    "confidence": "confidence", "reasons": "['headline before a paragraph']",
    "text_hash": "story_id", "hash_version": "2", "splitter_version": "'1'",
    "quality_flags": "case dice(n, 9, 12) when 0 then ['facts.no_outlet'] when 1 then "
    "['body.short', 'headline.long'] else [] end",
}  # fmt: skip
PAGE = {
    "delivery_id": "story_id", "name": "source_name", "size_bytes": "1200",
    "modified_at": "ingested_at", "outcome": "'landed'", "encoding": "'utf-8'",
    "replaced_chars": "0", "flags": "[]", "page_chars": "1200", "story_chars": "1000",
    "chrome_chars": "200", "stories_landed": "1", "stories_quarantined": "0",
    "splitter_version": "'1'",
}  # fmt: skip
ENTITY = {
    "entity_id": "'entity-' || dice(n, 20 + m, 3000)", "kind": "['person', 'organisation', 'place']"
    "[dice(dice(n, 20 + m, 3000), 1, 3) + 1]", "name": "'Name ' || dice(n, 20 + m, 3000)",
    "text": "'Name'", "mention_no": "m + 1", "start": "m * 40", "end": "m * 40 + 6",
    "aliases": "[]", "mentions": "1", "first_start": "m * 40", "in_headline": "false",
    "salience": "0.4",
}  # fmt: skip
QUOTE = {
    "quote_no": "1", "kind": "'sentence'", "text": "left(body, 60)", "words": "9",
    "text_hash": "story_id", "start": "0", "end": "60", "spans": "[{'start': 0, 'end': 60}]",
    "speaker": "'Name 1'", "speaker_is": "'name'", "cue": "'said'",
}  # fmt: skip
OUTLET = {"outlet_id": "outlet", "name": "outlet", "source": "'given'", "confidence": "1.0",
          "kind": "'publisher'", "country": "'GB'", "language": "language"}  # fmt: skip
ASIDE = {**STORY, "failed_rules": "['published.not_ahead']",
         "observed": "[{'rule': 'published.not_ahead', 'value': '2095-03-12'}]",
         "suite_version": "'1'"}  # fmt: skip
MEMBER = {"event_id": "printf('%024x', n - n % 40 + back_no)", "similarity": "0.7"}
RUN = {
    "finished_at": "ingested_at + interval 4 minutes", "seconds": "240.0", "inbox": "'/inbox'",
    "kind": "'ingest'", "splitter_version": "'1'", "suite_version": "'1'", "files_seen": "k",
    "files_taken": "k", "stories_found": "k + $aside", "stories_landed": "k",
    "stories_quarantined": "$aside", "page_chars": "k * 1200", "story_chars": "k * 1000",
    "chrome_chars": "k * 200", "bytes_taken": "k * 1200",
}  # fmt: skip
RESULT = {
    "batch_id": "'batch-0000'", "suite": "'stories'", "suite_version": "'1'",
    "rule_id": "printf('rule.%02d', r)", "expectation": "'expect_column_values_to_be_between'",
    "severity": "'warning'", "scope": "'row'", "status": "if(r < 12, 'fail', 'pass')",
    "evaluated": "k", "failed": "if(r < 12, dice(back, r, 40), 0)", "bound": "'at most 1'",
    "checked_at": "ingested_at",
}  # fmt: skip
ANALYSIS = {
    "mart": "mart", "analysis_no": "1", "analyzer_version": "'1'", "since_version": "0",
    "lake_version": "$days", "stories": "$stories", "failed_stories": "0", "rows_added": "0",
    "made_by": "'generated'", "made_at": "$now::timestamptz",
}  # fmt: skip
OF_DAY = (
    "(select any_value(run_id) as run_id, back, max(ingested_at) as ingested_at, count(*) as k "
    "from base group by back)"
)
ANALYZED = (QUOTES, ENTITY_MENTIONS, STORY_ENTITIES)
MARTS = (QUOTES, ENTITY_MENTIONS, STORY_ENTITIES, STORY_OUTLETS, EVENT_MEMBERS)
BASE = "(select * from base join told using (n))"
PER_STORY = "(select *, '%s' as mart from base join told using (n))"
NAMED = "(select *, '%s' as mart from base join told using (n), range(3) as named (m))"
IN_EVENT = "(select *, '%s' as mart, n % 10 as back_no from base where n % 10 < 2)"
WAITING = "(select * from base join told using (n) where n < $days * $aside)"
RULES = "(select * from OF_DAY, range(60) as rules (r))".replace("OF_DAY", OF_DAY)
TABLES: tuple[tuple[Table, str, Mapping[str, str]], ...] = (
    (PAGES, "base", PAGE),
    (STORIES, BASE, STORY),
    (QUARANTINE, WAITING, ASIDE),
    (RUNS, OF_DAY, RUN),
    (QUALITY_RESULTS, RULES, RESULT),
    (QUOTES, PER_STORY, QUOTE),
    (ENTITY_MENTIONS, NAMED, ENTITY),
    (STORY_ENTITIES, NAMED, ENTITY),
    (STORY_OUTLETS, PER_STORY, OUTLET),
    (EVENT_MEMBERS, IN_EVENT, MEMBER),
    (ANALYSES, f"(select unnest({[mart.name for mart in MARTS]}) as mart)", ANALYSIS),
)


def make_warehouse(settings: Settings, stories: int) -> LakeVersion:
    """Write the lake's files and publish them; return the version that was published."""
    lake = Path(str(settings.lake))
    shutil.rmtree(lake, ignore_errors=True)
    lake.mkdir(parents=True)
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; set threads = 1; set memory_limit = '4GB'")
    con.register("told", _make_bodies(stories))
    numbers = {"stories": stories, "days": DAYS, "aside": ASIDE_PER_DAY, "now": f"'{NOW}'"}
    _run(con, SETUP, numbers)
    for kind, rows, known in TABLES:
        columns = ", ".join(
            f'{_value(column, known)} as "{column.name}"' for column in kind.columns
        )
        select = f"select {columns} from {rows.replace('%s', kind.name)}"  # noqa: S608
        how = "format parquet, compression zstd"
        if kind.partition:
            target = lake / kind.name
            select += " order by ingest_day"
            how += ", partition_by (ingest_day), write_partition_columns true"
        else:
            target = lake / kind.name / "all.parquet"
            target.parent.mkdir()
        _run(con, f"copy ({select}) to '{target}' ({how})", numbers)
    con.close()
    return publish(settings, 1)


def publish(settings: Settings, number: int) -> LakeVersion:
    """Publish the files as a version of that number."""
    lake = Path(str(settings.lake))
    tables = {}
    for kind, _, _ in TABLES:
        files = sorted(lake.glob(f"{kind.name}/**/*.parquet"))
        files = files[-ANALYZED_DAYS:] if kind in ANALYZED else files
        names = tuple(file.relative_to(lake).as_posix() for file in files)
        size = sum(file.stat().st_size for file in files)
        tables[kind.name] = TableVersion(kind.name, number, names, size)
    version = LakeVersion(str(lake), tables)
    publish_warehouse(lambda: version, settings.warehouse, "4GB")
    return version


def _value(column: Column, known: Mapping[str, str]) -> str:
    value = known.get(column.name, COMMON.get(column.name))
    if value is None:
        value = "null" if column.nullable else "0"
    if column.name == "raw":
        value = "null"
    return f"({value})::{sql_type(column.type)}"


def _run(con: duckdb.DuckDBPyConnection, sql: str, numbers: Mapping[str, object]) -> None:
    for name, value in numbers.items():
        sql = sql.replace(f"${name}", str(value))
    for statement in sql.split(";"):
        if statement.strip():
            con.execute(statement)


def _make_bodies(stories: int) -> pa.Table:
    """Make a body per story, of SENTENCES sentences."""
    sentences, dice = pa.array(make_sentences(), pa.large_string()), np.random.default_rng(5)
    draws = [dice.integers(0, len(sentences), stories) for _ in range(SENTENCES)]
    parts = [sentences.take(pa.array(draw)) for draw in draws]
    bodies = pc.binary_join_element_wise(*parts, pa.scalar(" ", pa.large_string()))
    return pa.table({"n": pa.array(range(stories), pa.int64()), "body": bodies})
