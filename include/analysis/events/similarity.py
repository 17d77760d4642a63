"""
Compare the vectors of stories with one another and with those of events.

An event's vector is the sum of its stories', so its product with a story's vector is the sum of the
story's similarities to each of them: the stories of an event need not be compared one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from include.analysis.events.terms import MIN_TERMS, SCALE

# The first terms of a story are compared: with all 150 the labelled sets score the same, and a
# product takes six times as long.
FIRST_TERMS = 60
ROWS_AT_ONCE, COLUMNS_AT_ONCE = 500, 20_000  # 10 million products at most: 120 MB
Rows = NDArray[np.int64]
Cells = Any  # sparse.csr_array, which scipy gives no types


@dataclass(frozen=True)
class Vectors:
    """Weights of terms, as whole numbers, and how many stories each row sums."""

    weights: Cells
    sizes: Rows

    def take(self, rows: Rows | slice) -> Vectors:
        """Return some rows."""
        return Vectors(self.weights[rows], self.sizes[rows])

    def add_up(self, groups: Rows, count: int) -> Vectors:
        """Return the sums of the rows of each of `count` groups; groups: that of each row."""
        place = (groups, np.arange(len(groups)))
        member = sparse.csr_array(
            (np.ones(len(groups), np.int64), place), shape=(count, len(groups))
        )
        return Vectors(member @ self.weights, member @ self.sizes)


def encode_terms(parts: Iterable[pa.Table]) -> pl.DataFrame:
    """
    Replace terms by numbers, which hold for this process.

    Args:
        parts: vector_id, terms and weights; one at least.
    Returns:
        vector_id (each once), columns and weights; these are empty for vectors with fewer than
        MIN_TERMS.
    """
    return pl.concat([_encode(part) for part in parts]).unique("vector_id", keep="any")


def _encode(vectors: pa.Table) -> pl.DataFrame:
    frame = pl.DataFrame(vectors).select("vector_id", "terms", "weights")
    enough = pl.col("terms").list.len() >= MIN_TERMS
    number = pl.element().cast(pl.Categorical).to_physical()
    return frame.select(
        "vector_id",
        columns=pl.when(enough).then(pl.col("terms").list.eval(number)).otherwise([]),
        weights=pl.when(enough).then("weights").otherwise([]),
    )


def make_vectors(rows: pl.DataFrame) -> Vectors:
    """Make vectors of length SCALE from the FIRST_TERMS of `columns` and `weights`, or null."""
    first = rows.select(pl.col("columns", "weights").fill_null([]).list.head(FIRST_TERMS))
    counts = first["columns"].list.len().to_numpy()
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    columns = first["columns"].explode(empty_as_null=False).to_numpy().astype(np.int32)
    weights = first["weights"].explode(empty_as_null=False).to_numpy().astype(np.int64)
    totals = np.add.reduceat(np.append(weights**2, 0), starts[:-1])
    lengths = np.repeat(np.sqrt(np.where(counts > 0, totals, 1)), counts)
    scaled = np.round(weights * SCALE / lengths).astype(np.int32)
    shape = (rows.height, int(columns.max(initial=0)) + 1)
    return Vectors(
        sparse.csr_array((scaled, columns, starts), shape=shape), np.ones(rows.height, np.int64)
    )


def compare(
    left: Vectors, right: Vectors, minimum: float
) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """
    Find rows that are similar.

    Returns:
        Row numbers of both, and the mean similarity of the stories that they sum, `minimum` to 1.
    """
    parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start in range(0, len(right.sizes), COLUMNS_AT_ONCE):
        some = right.take(slice(start, start + COLUMNS_AT_ONCE))
        columns = some.weights.astype(np.int64).T.tocsr()
        for begin in range(0, len(left.sizes), ROWS_AT_ONCE):
            rows = left.weights[begin : begin + ROWS_AT_ONCE]
            products = rows.astype(np.int64) @ columns
            means = products.data / (some.sizes[products.indices] * SCALE**2)
            cells = np.flatnonzero(means >= minimum)
            at = np.searchsorted(products.indptr, cells, "right") - 1
            to = products.indices[cells].astype(np.int64)
            parts.append((at + begin, to + start, np.minimum(means[cells], 1.0)))
    lefts, rights, values = zip(*parts, strict=True)
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(values)
