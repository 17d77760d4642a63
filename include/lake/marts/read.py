"""
Read the rows of a mart that count: of current stories, and of complete analyses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from include.lake.delta.damage import read_guarded
from include.lake.delta.tables import has_table, one_of, open_table, select_rows, table_path
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.lake.marts.changes import KEY, RUNS_AT_ONCE
from include.lake.marts.progress import list_current_analyses
from include.schema.column import pick, schema_of
from include.schema.lake import Table
from include.storage.locations import Root

ROWS_AT_ONCE = 50_000  # of signatures: about 50 MB


def read_mart(
    root: Root, kind: Table, columns: Sequence[str], runs: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """
    Read some columns of a mart of stories, in one or more tables of about ROWS_AT_ONCE rows.

    Args:
        runs: only stories that these runs landed; None: all.
    """
    schema = schema_of(pick(kind, *columns))
    if not has_table(root, kind):
        yield schema.empty_table()
        return
    current = current_rows(read_deliveries(root)).select(KEY)
    analysis_ids = list_current_analyses(root, kind.name)
    names = list(dict.fromkeys([*columns, *KEY, "analysis_id"]))
    pending: list[pl.DataFrame] = []
    for batch in _read_batches(root, kind, names, runs):
        rows = pl.DataFrame(pa.Table.from_batches([batch]))
        kept = rows.filter(pl.col("analysis_id").is_in(analysis_ids))
        if runs is not None:
            kept = kept.filter(pl.col("run_id").is_in(runs))
        pending.append(kept.join(current, on=KEY, how="semi").select(columns))
        if sum(part.height for part in pending) >= ROWS_AT_ONCE:
            yield _join(pending, schema)
            pending = []
    yield _join([pl.DataFrame(schema.empty_table()), *pending], schema)


def _read_batches(
    root: Root, kind: Table, names: list[str], runs: Sequence[str] | None
) -> Iterator[pa.RecordBatch]:
    """Read the rows as the lake has them; for few runs, only the files that may hold theirs."""
    if runs is not None and len(runs) <= RUNS_AT_ONCE:
        landed_by = one_of("run_id", runs) if runs else "false"
        yield from select_rows(root, kind, names, landed_by).to_batches()
        return
    source = open_table(root, kind).to_pyarrow_dataset()
    batches = source.scanner(columns=names, batch_size=ROWS_AT_ONCE).to_batches()
    yield from read_guarded(table_path(root, kind), batches)


def _join(parts: list[pl.DataFrame], schema: pa.Schema) -> pa.Table:
    return pl.concat(parts).to_arrow().select(schema.names).cast(schema)
