"""
Where the search index is, and which version of the lake it shows.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq

INDEX_VERSION = "1"  # raise when terms or documents change: the index is then rebuilt
LIST = "indexed.parquet"  # the splits of pages that the index holds; written last
VERSION_KEY = b"lake_version"


def index_folder(warehouse: Path) -> Path:
    """Return the folder of the index: beside the warehouse, in a folder named after it."""
    return warehouse.with_name(f"{warehouse.name}.search") / INDEX_VERSION


def has_index(folder: Path) -> bool:
    """
    Tell whether there is an index that this process can search.

    Tantivy takes a lock in the folder to open it, so a person who may only read it cannot.
    """
    return os.access(folder / LIST, os.R_OK) and os.access(folder, os.W_OK)


def read_indexed_version(folder: Path) -> int:
    """Return the version of the lake that an index shows, as in `meta.runs`; 0 if there is none."""
    return int(pq.read_schema(folder / LIST).metadata[VERSION_KEY]) if has_index(folder) else 0
