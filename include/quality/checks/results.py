"""
Turn findings into rows of `quality_results`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from include.model import Run
from include.quality.checks.great_expectations import Finding
from include.quality.suites.describe import state_bound
from include.quality.suites.rules import Suite
from include.schema import lake as lake_schema

OF_THE_RUN = {column.name for column in (*lake_schema.RUN, lake_schema.DAY)}
RESULTS = lake_schema.schema_of(
    c for c in lake_schema.QUALITY_RESULTS.columns if c.name not in OF_THE_RUN
)


def tabulate_findings(
    findings: Sequence[Finding], suite: Suite, batch_id: str, run: Run
) -> pa.Table:
    """
    Give one row per finding, in the suite's order: `QUALITY_RESULTS` without the run's columns.

    `checked_at` is when the run began, so that a run that lands twice gives the same rows.
    """
    rows = [
        {
            "batch_id": batch_id,
            "suite": suite.name,
            "suite_version": suite.version,
            "rule_id": finding.rule.id,
            "expectation": finding.rule.expect,
            "check_column": finding.rule.column,
            "severity": finding.rule.severity,
            "scope": finding.rule.scope,
            "status": "fail" if finding.failed else "pass",
            "evaluated": finding.evaluated,
            "failed": finding.failed,
            "observed": finding.observed,
            "bound": state_bound(finding.rule),
            "checked_at": run.started_at,
        }
        for finding in findings
    ]
    return pa.Table.from_pylist(rows, schema=RESULTS)
