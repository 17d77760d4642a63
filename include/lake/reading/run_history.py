"""
History: the figures of the last landed runs, against which the gate compares a new run.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from include.lake.delta.tables import has_table, one_of, open_table, select_rows
from include.model import INGEST, Run
from include.schema.lake import RUN_FIGURES, RUNS
from include.storage.locations import Root

RUNS_BACK = 14  # two weeks of daily runs: enough for a steady median, few enough to be recent


def read_figures(root: Root, run: Run) -> pa.Table:
    """
    Read the figures of the last runs that finished before a run began; empty if there is no lake.

    A run that a person let through the gate counts too: later runs are compared with what was
    accepted, and one outlier does not move a median of 14.
    """
    if not (has_table(root, RUNS) and has_table(root, RUN_FIGURES)):
        return RUN_FIGURES.schema().empty_table()
    before = open_table(root, RUNS).to_pyarrow_table(
        columns=["run_id", "ingested_at", "stories_found", "kind"],
        filters=[("ingested_at", "<", run.started_at), ("stories_found", ">", 0)],
    )
    before = before.filter(pc.is_in(before["kind"], pa.array([INGEST, None])))
    last = before.sort_by([("ingested_at", "descending"), ("run_id", "descending")])[:RUNS_BACK]
    ids = [run_id for run_id in last["run_id"].to_pylist() if run_id != run.run_id]
    if not ids:
        return RUN_FIGURES.schema().empty_table()
    days = sorted({at.date().isoformat() for at in last["ingested_at"].to_pylist()})
    of_runs = f"{one_of('ingest_day', days)} and {one_of('run_id', ids)}"
    return select_rows(root, RUN_FIGURES, RUN_FIGURES.schema().names, of_runs)
