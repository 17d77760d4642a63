"""
Compare the vectors of stories of the same weeks.

The similarity of two stories depends on these two only, so it does not matter which came first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from include.analysis.events.terms import MIN_TERMS, MOST_TERMS, SCALE

LINKS_VERSION = "1"
READS = ("vector_id", "published_at", "ingested_at", "terms", "weights")
LINK = ("vector_a", "vector_b")
MIN_SIMILARITY = 0.1  # a tenth of the pairs of one event have less, and 2 % of other pairs more
WINDOW_DAYS = 100  # stories further apart are not compared
# A similarity loses a tenth for each day between the stories, but not more than 0.2: most reports
# of one event are a day apart, and background comes weeks later.
LOSS_PER_DAY, MOST_LOSS = 0.1, 0.2
UNDATED_LOSS = 0.2  # they may be years apart
# Only pairs whose first terms alone have this product are compared in full.
TOP_TERMS, MIN_TOP = 40, 0.06
NEAR_DAYS, MIN_TOP_FAR = 3, 0.08  # more for stories further apart
AT_ONCE = 500  # vectors compared with 50,000 others
PAIRS_AT_ONCE = 50_000  # of 150 terms: 200 MB
Ints = NDArray[np.int64]


def find_links(new: pa.Table, others: pa.Table) -> pa.Table:
    """
    Find pairs of a new and another vector that are similar.

    Args:
        new, others: columns READS, each vector once; they may overlap.
    Returns:
        vector_a (the smaller id), vector_b and similarity; each pair once, sorted.
    """
    schema = {"vector_a": pl.String, "vector_b": pl.String, "similarity": pl.Float64}
    parts = [pl.DataFrame(schema=schema)]
    left, right = (_read(table) for table in (new, others))
    left = left.sort(pl.coalesce("published_at", "ingested_at"), "vector_id")
    for some in left.iter_slices(AT_ONCE):
        near = _keep_near(right, some) if some.height else right.clear()
        if near.height:
            parts += [pl.DataFrame(rows, schema=schema) for rows in _compare(some, near)]
    return pl.concat(parts).unique(LINK).sort(LINK).to_arrow()


def _read(vectors: pa.Table) -> pl.DataFrame:
    frame = pl.DataFrame(vectors.select(list(READS)))
    return frame.filter(pl.col("terms").list.len() >= MIN_TERMS)


def _keep_near(others: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    """Keep the vectors that may be within WINDOW_DAYS of some of these."""
    window = pl.duration(days=WINDOW_DAYS)
    published, ingested = some["published_at"], some["ingested_at"]
    by_ingest = pl.col("ingested_at").is_between(ingested.min() - window, ingested.max() + window)
    if published.null_count():
        return others.filter(by_ingest | _is_published_near(published, window))
    is_undated = pl.col("published_at").is_null()
    return others.filter(_is_published_near(published, window) | (is_undated & by_ingest))


def _is_published_near(published: pl.Series, window: pl.Expr) -> pl.Expr:
    if published.null_count() == len(published):
        return pl.lit(value=False)
    between = pl.col("published_at").is_between(published.min() - window, published.max() + window)
    return between.fill_null(value=False)


def _compare(some: pl.DataFrame, others: pl.DataFrame) -> Iterator[dict[str, pl.Series]]:
    """Yield the similar pairs of two frames of vectors, if there are any."""
    at, to = _find_candidates(some, others)
    needed, to = np.unique(to, return_inverse=True)
    others = others[needed]
    left, right = _make_matrices(some, others, MOST_TERMS)
    cosine = np.zeros(len(at))
    for start in range(0, len(at), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        cosine[part] = left[at[part]].multiply(right[to[part]]).sum(axis=1) / SCALE**2
    similarity = np.round(np.minimum(cosine, 1.0) * _keep_of_gap(some, others, at, to), 4)
    close = similarity >= MIN_SIMILARITY
    one, other = some["vector_id"].gather(at[close]), others["vector_id"].gather(to[close])
    pairs = pl.DataFrame({"one": one, "other": other, "similarity": similarity[close]})
    distinct = pairs.filter(pl.col("one") != pl.col("other"))
    if distinct.height:
        yield distinct.select(
            vector_a=pl.min_horizontal("one", "other"),
            vector_b=pl.max_horizontal("one", "other"),
            similarity="similarity",
        ).to_dict()


def _find_candidates(some: pl.DataFrame, others: pl.DataFrame) -> tuple[Ints, Ints]:
    """Give the row numbers of pairs that are similar by their TOP_TERMS alone."""
    left, right = _make_matrices(some, others, TOP_TERMS)
    products = (left @ right.T).tocoo()
    likely = products.data >= MIN_TOP * SCALE**2
    at, to = (rows[likely] for rows in products.coords)
    gap, _ = _count_days(some, others, at, to)
    near = (gap <= NEAR_DAYS) | (products.data[likely] >= MIN_TOP_FAR * SCALE**2)
    return at[near], to[near]


def _make_matrices(
    some: pl.DataFrame, others: pl.DataFrame, count: int
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Give the weights of so many first terms as matrices over the terms of the first frame."""
    one, other = (
        vectors.select(pl.col("terms", "weights").list.head(count))
        .with_row_index("row")
        .explode("terms", "weights")
        .drop_nulls()
        for vectors in (some, others)
    )
    known = one.select("terms").unique(maintain_order=True).with_row_index("column")
    matrices = []
    for rows, height in ((one, some.height), (other, others.height)):
        cells = rows.join(known, on="terms", maintain_order="left")
        place = (cells["row"].to_numpy(), cells["column"].to_numpy())
        weights = cells["weights"].to_numpy().astype(np.int64)
        matrices.append(sparse.csr_array((weights, place), shape=(height, known.height)))
    return matrices[0], matrices[1]


def _keep_of_gap(
    some: pl.DataFrame, others: pl.DataFrame, at: Ints, to: Ints
) -> NDArray[np.float64]:
    """
    Give the share of similarity that the days between two stories leave; 0 beyond WINDOW_DAYS.

    Without a date of publication for both, UNDATED_LOSS is lost within WINDOW_DAYS of ingestion.
    """
    gap, is_dated = _count_days(some, others, at, to)
    loss = np.where(is_dated, np.minimum(LOSS_PER_DAY * gap, MOST_LOSS), UNDATED_LOSS)
    return (1 - loss) * (gap <= WINDOW_DAYS)


def _count_days(
    some: pl.DataFrame, others: pl.DataFrame, at: Ints, to: Ints
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give the days between two stories: by publication if both have it, else by ingestion."""
    published, ingested = (
        np.abs(_days(some[name])[at] - _days(others[name])[to])
        for name in ("published_at", "ingested_at")
    )
    is_dated = ~np.isnan(published)
    return np.where(is_dated, published, ingested), is_dated


def _days(times: pl.Series) -> NDArray[np.float64]:
    """Give times as days since 1970; not a number for null."""
    days = times.dt.timestamp("us").cast(pl.Float64) / 86_400e6
    return days.fill_null(float("nan")).to_numpy()
