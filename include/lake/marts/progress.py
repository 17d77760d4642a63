"""
The progress of each mart: its newest row in `analyses`.

A mart shows a version of the lake: the state after the n-th finished run. Only later runs have
changed anything since, so an analysis reads the rows of those runs only.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def read_progress(root: Root, mart: str) -> Progress:
    """Return the progress of a mart."""
    newest = _read_analyses(root, mart).tail(1).drop("analysis_id")
    return Progress(**newest.row(0, named=True)) if newest.height else Progress(mart)


def list_current_analyses(root: Root, mart: str) -> list[str]:
    """Return the ids of the analyses whose rows count: those since the mart was last rebuilt."""
    analyses = _read_analyses(root, mart)
    rebuild_no = pl.col("analysis_no").filter(pl.col("since_version") == 0).max()
    return list(analyses.filter(pl.col("analysis_no") >= rebuild_no)["analysis_id"])


def _read_analyses(root: Root, mart: str) -> pl.DataFrame:
    """Read the analyses of a mart, oldest first: the fields of `Progress`, and analysis_id."""
    names = [*Progress.__dataclass_fields__, "analysis_id"]
    if not has_table(root, ANALYSES):
        return pl.DataFrame(schema_of(pick(ANALYSES, *names)).empty_table())
    rows = pl.DataFrame(open_table(root, ANALYSES).to_pyarrow_table(columns=names))
    return rows.filter(pl.col("mart") == mart).sort("analysis_no")


def plan_analysis(root: Root, analyzer_versions: dict[str, str]) -> tuple[Plan, ...]:
    """
    Plan the next analysis of each mart that does not show the lake's newest version.

    Args:
        analyzer_versions: by mart. A mart that another version made is rebuilt from all stories.
    """
    until = len(read_runs(root))
    plans = []
    for mart, version in analyzer_versions.items():
        last = read_progress(root, mart)
        since = last.lake_version if last.analyzer_version == version else 0
        if since < until:
            plans.append(Plan(mart, last.analysis_no + 1, version, since, until))
    return tuple(plans)
