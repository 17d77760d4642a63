"""
The progress of each mart: its newest row in `analyses`.

A mart shows a version of the lake: the state after the n-th finished run. Only later runs have
changed anything since, so an analysis reads the rows of those runs only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from include.lake.delta.tables import has_table, open_table
from include.lake.delta.time_travel import read_runs
from include.lake.marts.plan import Plan
from include.schema.column import pick, schema_of
from include.schema.lake import ANALYSES
from include.storage.locations import Root


@dataclass(frozen=True)
class Progress:
    """
    The last complete analysis of a mart; `analysis_no` 0 if there was none.

    since_version, lake_version: the versions of the lake that the mart showed before and after it;
    since_version 0: the mart was rebuilt. made_by: the run of the analysis.
    """

    mart: str
    analysis_no: int = 0
    analyzer_version: str = ""
    since_version: int = 0
    lake_version: int = 0
    rows_added: int = 0
    made_by: str = ""


NAMES = [*Progress.__dataclass_fields__, "analysis_id"]


def read_progress(root: Root, mart: str) -> Progress:
    """Return the progress of a mart."""
    return read_progresses(root, (mart,))[0]


def read_progresses(root: Root, marts: Collection[str]) -> tuple[Progress, ...]:
    """Return the progress of each of some marts, in their order."""
    analyses = _read_analyses(root).drop("analysis_id")
    newest = analyses.unique("mart", keep="last", maintain_order=True).rows(named=True)
    by_mart = {row["mart"]: Progress(**row) for row in newest}
    return tuple(by_mart.get(mart, Progress(mart)) for mart in marts)


def list_current_analyses(root: Root, mart: str) -> list[str]:
    """Return the ids of the analyses whose rows count: those since the mart was last rebuilt."""
    analyses = _read_analyses(root).filter(pl.col("mart") == mart)
    rebuild_no = pl.col("analysis_no").filter(pl.col("since_version") == 0).max()
    return list(analyses.filter(pl.col("analysis_no") >= rebuild_no)["analysis_id"])


def _read_analyses(root: Root) -> pl.DataFrame:
    """Read the analyses of all marts, oldest first: the fields of `Progress`, and analysis_id."""
    if not has_table(root, ANALYSES):
        return pl.DataFrame(schema_of(pick(ANALYSES, *NAMES)).empty_table())
    table = open_table(root, ANALYSES)
    return _read_version(root, str(table.metadata().id), table.version())


@lru_cache(maxsize=4)  # a file per row: 50 rows took 90 ms to read, and are read 30 times a run
def _read_version(root: Root, table_id: str, version: int) -> pl.DataFrame:
    """Read one version of `analyses`; table_id: tells it from a table that was there before."""
    rows = pl.DataFrame(open_table(root, ANALYSES, version).to_pyarrow_table(columns=NAMES))
    return rows.sort("analysis_no")


def plan_analysis(root: Root, analyzer_versions: dict[str, str]) -> tuple[Plan, ...]:
    """
    Plan the next analysis of each mart that does not show the lake's newest version.

    Args:
        analyzer_versions: by mart. A mart that another version made is rebuilt from all stories.
    """
    until = len(read_runs(root))
    plans = []
    for last in read_progresses(root, analyzer_versions):
        version = analyzer_versions[last.mart]
        since = last.lake_version if last.analyzer_version == version else 0
        if since < until:
            plans.append(Plan(last.mart, last.analysis_no + 1, version, since, until))
    return tuple(plans)
