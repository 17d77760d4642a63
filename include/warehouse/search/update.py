"""
Make the index follow the warehouse: add the stories that are new in it, remove those that left.

What was indexed is listed beside the index, by split of a page. The list is written after the index
is committed; a killed update may leave splits in the index that the list lacks, so each is removed
before it is added.
"""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import tantivy

from include.errors import WarehouseHeld
from include.storage.atomic import atomic_write
from include.storage.disk_errors import translate_disk_errors
from include.warehouse.queries import load_query
from include.warehouse.read import MEMORY, open_warehouse
from include.warehouse.search.index import (
    EPOCH,
    SPLIT,
    Row,
    make_document,
    name_split,
    open_index,
)
from include.warehouse.search.place import LIST, VERSION_KEY, index_folder

log = logging.getLogger("copydesk.warehouse")

HEAP_BYTES = 100 * 2**20  # words held before a part of the index is written
STORIES_AT_ONCE = 1_000
INDEXED = pa.schema([pa.field("page_id", pa.string()), pa.field("run_id", pa.string())])


@dataclass(frozen=True)
class Indexed:
    """What an update did. lake_version: what the index shows now; as in `meta.runs`."""

    path: str
    lake_version: int
    added_stories: int
    removed_pages: int
    seconds: float


def update_index(warehouse: Path, memory_limit: str = MEMORY) -> Indexed:
    """
    Make the index show what the warehouse shows.

    An index of another version is left alone until the new one is complete, and then removed.

    Raises:
        WarehouseMissing: nothing has been published yet.
        WarehouseHeld: another process is updating the index.
        DiskFull, StorageRefused: it cannot be written.
    """
    began, folder = time.monotonic(), index_folder(warehouse)
    with translate_disk_errors("search index", folder):
        folder.mkdir(parents=True, exist_ok=True)
        index = _open(folder)
        writer = _lock(index, folder)  # before the warehouse: the last to lock reads the newest
        with open_warehouse(warehouse, memory_limit) as con:
            done = _follow(con, index, writer, folder)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    return replace(done, seconds=time.monotonic() - began)


def _follow(
    con: duckdb.DuckDBPyConnection, index: tantivy.Index, writer: tantivy.IndexWriter, folder: Path
) -> Indexed:
    """Remove and add what differs, commit, and list what is indexed now."""
    has_stories = index.searcher().num_docs > 0
    con.register("indexed", _read_list(folder) if has_stories else INDEXED.empty_table())
    ((version,),) = con.execute(load_query("search_version")).fetchall()
    changed = con.execute(load_query("search_changed")).fetchall()
    if has_stories:
        for page_id, run_id, _ in changed:
            writer.delete_documents_by_term(SPLIT, name_split(page_id, run_id))
    added = _add_stories(con, writer)
    if changed:
        writer.commit()
    writer.wait_merging_threads()
    splits = con.sql("select page_id, run_id from main.pages").to_arrow_table().cast(INDEXED)
    splits = splits.replace_schema_metadata({VERSION_KEY: str(version).encode()})
    with atomic_write("search index", folder / LIST) as temporary:
        pq.write_table(splits, temporary, compression="zstd")
    gone = sum(has_left for *_, has_left in changed)
    return Indexed(str(folder), version, added, gone, 0.0)


def _open(folder: Path) -> tantivy.Index:
    """Open the index; one that cannot be opened is made afresh."""
    try:
        return open_index(folder)
    except ValueError as exc:
        log.warning("%s is damaged and is made afresh: %s", folder, exc)
        shutil.rmtree(folder)
        folder.mkdir()
        return open_index(folder)


def _lock(index: tantivy.Index, folder: Path) -> tantivy.IndexWriter:
    try:
        return index.writer(heap_size=HEAP_BYTES, num_threads=1)
    except ValueError as exc:
        way_out = "Another process is updating it; it will show what that process has read."
        raise WarehouseHeld("search index", str(folder), way_out) from exc


def _read_list(folder: Path) -> pa.Table:
    path = folder / LIST
    return pq.read_table(path, schema=INDEXED) if path.exists() else INDEXED.empty_table()


def _add_stories(con: duckdb.DuckDBPyConnection, writer: tantivy.IndexWriter) -> int:
    """Add the stories of splits that are not listed; return how many."""
    added = 0
    for batch in con.sql(load_query("search_new")).to_arrow_reader(STORIES_AT_ONCE):
        for story in batch.to_pylist():
            writer.add_document(_make_document(story))
        added += batch.num_rows
    return added


def _make_document(story: dict[str, Any]) -> tantivy.Document:
    at = story["published_at"]
    kept = {name: story[name] for name in Row.__struct_fields__ if name in story}
    published_us = None if at is None else (at - EPOCH) // EPOCH.resolution
    day = None if at is None else at.astimezone(UTC).date()
    return make_document(Row(**kept, published_us=published_us), story["language"], day)
