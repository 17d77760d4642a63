"""
Bring the index up to date with the warehouse: add new stories, remove those that are gone.

A list beside the index says which splits of pages it holds. It is written after the index is
committed, so after a killed update the index may hold splits that the list lacks; each split is
therefore removed before it is added.
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
    """What an update did. lake_version: the version that the index now shows; as in `meta.runs`."""

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
            indexed = _apply_changes(con, index, writer, folder)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    return replace(indexed, seconds=time.monotonic() - began)


def _apply_changes(
    con: duckdb.DuckDBPyConnection, index: tantivy.Index, writer: tantivy.IndexWriter, folder: Path
) -> Indexed:
    """Remove and add the splits that differ, commit, and list the splits that the index holds."""
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
    removed = sum(has_left for *_, has_left in changed)
    return Indexed(str(folder), version, added, removed, 0.0)


def _open(folder: Path) -> tantivy.Index:
    """Open the index; replace one that cannot be opened by an empty one."""
    try:
        return open_index(folder)
    except ValueError as exc:
        log.warning("%s is damaged and is rebuilt: %s", folder, exc)
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
