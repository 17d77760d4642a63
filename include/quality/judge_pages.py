"""
Judge the pages of a batch once their stories are judged; pages are flagged, never quarantined.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from include.errors import SuiteError
from include.model import Run
from include.quality.checks.derive import derive_checks
from include.quality.checks.great_expectations import examine_checks, say
from include.quality.checks.results import OF_THE_RUN, tabulate_findings
from include.quality.suites.rules import Suite
from include.schema import lake as lake_schema
from include.schema.quality import PAGE_FLAGS

FLAGS = lake_schema.schema_of(c for c in PAGE_FLAGS.columns if c.name not in OF_THE_RUN)

LEDGER = lake_schema.schema_of(
    c for c in lake_schema.PAGES.columns if c.name not in (*OF_THE_RUN, "raw")
)


@dataclass(frozen=True)
class PageFlags:
    """
    The outcome for a batch's pages.

    flags: one row per page and rule it broke, columns of `PAGE_FLAGS` without the run's.
    results: one row per rule, columns of `results.RESULTS`.
    """

    flags: pa.Table
    results: pa.Table


def judge_pages(pages: pa.Table, suite: Suite, batch_id: str, run: Run) -> PageFlags:
    """
    Judge the pages of a batch.

    Args:
        pages: n ≥ 0 rows of the ledger, columns `LEDGER`.
    Raises:
        SuiteError: a rule is critical, or could not be evaluated.
    """
    for rule in suite.rules:
        if rule.severity == "critical":
            way_out = "A page is never set aside: make it a warning, or a rule on its stories."
            raise SuiteError(f"{suite.name}: rule {rule.id}", rule.severity, way_out)
    checks = derive_checks(pages, suite, run)
    findings = examine_checks(checks, suite)
    rows = [
        {
            "page_id": pages["page_id"][row].as_py(),
            "name": pages["name"][row].as_py(),
            "rule_id": finding.rule.id,
            "severity": finding.rule.severity,
            "observed": say(checks[finding.rule.column][row].as_py()),
            "suite_version": suite.version,
        }
        for finding in findings
        for row in finding.failed_rows
    ]
    results = tabulate_findings(findings, suite, batch_id, run)
    return PageFlags(pa.Table.from_pylist(rows, schema=FLAGS), results)
