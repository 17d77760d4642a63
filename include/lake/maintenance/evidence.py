"""
Cache the evidence for the chrome book: one file for each file of `pages`.

Missing files are gathered again, and files that the lake no longer has are deleted. Keys are Polars
hashes, which may change between its versions, so each version has its own folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from include.storage.atomic import atomic_write

EVIDENCE_VERSION = "1"  # raise when the same page gives other evidence
SHELF = f"evidence-{EVIDENCE_VERSION}-polars-{pl.__version__}"
ROWS_AT_ONCE = 2_000_000  # weighed at once: about 0.4 GB
ROW_GROUP = 20_000  # sorted by key, so that a range of keys reads few groups


@dataclass(frozen=True)
class Evidence:
    """
    The evidence of some files of `pages`. Iterating gives all of it, a range of keys at a time.

    folder: holds the shelf. files: of the lake, relative to its root.
    """

    folder: Path
    files: tuple[str, ...]

    def path_of(self, file: str) -> Path:
        """Return the evidence's path; names of Delta's files never occur twice."""
        return self.folder / SHELF / PurePosixPath(file).name

    def missing(self) -> list[str]:
        """Return the files whose evidence has not been gathered yet."""
        return [file for file in self.files if not self.path_of(file).exists()]

    def put(self, file: str, lots: Iterable[pa.Table], schema: pa.Schema) -> None:
        """Keep a file's evidence, sorted by key."""
        path = self.path_of(file)
        rows = pa.concat_tables([schema.empty_table(), *lots]).sort_by("key")
        with atomic_write("evidence", path) as temporary:
            pq.write_table(rows, temporary, row_group_size=ROW_GROUP, compression="zstd")

    def forget_others(self) -> None:
        """Delete the evidence of files that left the lake, and of other versions."""
        kept = {self.path_of(file) for file in self.files}
        for shelf in self.folder.glob("evidence-*"):
            if shelf.name != SHELF:
                shutil.rmtree(shelf, ignore_errors=True)
        for path in (self.folder / SHELF).glob("*"):
            if path not in kept:
                path.unlink(missing_ok=True)

    def pages_with(self, file: str, keys: pa.Array) -> pa.Array:
        """Return, for each key that a file has evidence of, the lowest page that holds it."""
        wanted = pl.col("key").is_in(pl.Series(keys).implode())
        rows = pl.scan_parquet(self.path_of(file)).filter(wanted).select("key", "page").collect()
        return pa.array(rows.group_by("key").agg(pl.min("page"))["page"].unique(), pa.uint64())

    def __iter__(self) -> Iterator[pa.Table]:
        """Return the evidence in tables of about ROWS_AT_ONCE, all rows of a key in one of them."""
        paths = [self.path_of(file) for file in self.files]
        rows = sum(pq.read_metadata(path).num_rows for path in paths)
        shares = max(1, -(-rows // ROWS_AT_ONCE))
        for number in range(shares if paths else 0):
            low, high = (2**64 * at // shares for at in (number, number + 1))
            within = pl.col("key").is_between(pl.lit(low, pl.UInt64), pl.lit(high - 1, pl.UInt64))
            yield pl.scan_parquet(paths).filter(within).collect().to_arrow()
