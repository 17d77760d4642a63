"""
Remove what the files of a home quote of erased pages: receipts, reports, records, logs.

The lake, the warehouse and the indexes are not touched here. A file of frames that has one of the
pages, and a text that quotes one, is deleted: the run that needs it takes its files again. In all
other texts only the names of the pages are replaced.
"""

from __future__ import annotations

import mmap
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from include.pipeline.quotations import Quotations
from include.storage.atomic import atomic_write

FOLDERS = ("receipts", "data_docs", "alerts", "inbox_records", "airflow/logs", "airflow/console")
FRAMES = (".arrow",)
KEPT = (".parquet", ".lock", ".held")  # evidence holds hashes of lines and is gathered anew
TEXT_BYTES = 64 * 2**20  # read at once


def sweep_home(home: Path, page_ids: Collection[str], quotations: Quotations) -> tuple[int, int]:
    """Sweep the folders of a home; return the files deleted, and those rewritten."""
    deleted = rewritten = 0
    for path in _files_of(home):
        with suppress(FileNotFoundError):  # a run that landed has removed it
            if path.suffix in FRAMES or path.name.startswith("."):
                if _has_page(path, page_ids) or quotations.quotes(_read_text(path)):
                    path.unlink()
                    deleted += 1
                continue
            text = _read_text(path)
            if quotations.quotes(text):
                path.unlink()
                deleted += 1
            elif quotations.names_in(text):
                with atomic_write("home", path) as temporary:
                    temporary.write_text(quotations.without_names(text), encoding="utf-8")
                rewritten += 1
    return deleted, rewritten


def _files_of(home: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and path.suffix not in KEPT and path.name not in KEPT:
                yield path


def _has_page(path: Path, page_ids: Collection[str]) -> bool:
    """Search a file for ids: frames are not compressed."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(page_id.encode()) >= 0 for page_id in page_ids)


def _read_text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(TEXT_BYTES).decode("utf-8", "replace")
