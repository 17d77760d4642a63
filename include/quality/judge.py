"""
The judge: which stories of a batch land, which are set aside, and by what rule.

A story is judged by figures derived from it; its text reaches neither Great Expectations nor a
verdict. Nothing is lost: every story comes out once, whole, in the order it came in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from include import columns
from include.model import Judged, Run
from include.quality.derive import derive_checks
from include.quality.examine import Finding, examine_checks, say
from include.quality.results import tabulate_findings
from include.quality.rules import Suite

FAILED = pa.field("failed_rules", columns.WORDS, nullable=False)
OBSERVED = pa.field("observed", columns.OBSERVED, nullable=False)
FLAGS = columns.schema_of([columns.FLAGS]).field(0)
SUITE_VERSION = pa.field("suite_version", pa.string(), nullable=False)


def judge_stories(stories: pa.Table, suite: Suite, batch_id: str, run: Run) -> Judged:
    """
    Judge a batch of stories.

    Args:
        stories: n ≥ 0 rows, columns of `columns.STORY_PARTS`.
    Returns:
        landed: those that broke no critical rule. quarantined: the others; `failed_rules` and
        `observed` in the suite's order, each value as `say` shows it; `suite_version` too.
    Raises:
        SuiteError: a check column or a rule could not be evaluated: nothing is judged.
    """
    checks = derive_checks(stories, suite, run)
    findings = examine_checks(checks, suite)
    flags = _ids_by_row(findings, {"warning", "info"}, stories.num_rows)
    failed = _ids_by_row(findings, {"critical"}, stories.num_rows)
    aside = pa.array([bool(ids) for ids in failed], pa.bool_())
    lands = pa.array([not ids for ids in failed], pa.bool_())
    flagged = stories.append_column(FLAGS, pa.array(flags, FLAGS.type))
    version = pa.array([suite.version] * stories.num_rows, pa.string())
    return Judged(
        landed=flagged.filter(lands),
        quarantined=flagged.append_column(FAILED, pa.array(failed, FAILED.type))
        .append_column(OBSERVED, _observed(checks, findings, stories.num_rows))
        .append_column(SUITE_VERSION, version)
        .filter(aside),
        results=tabulate_findings(findings, suite, batch_id, run),
    )


def _ids_by_row(
    findings: Sequence[Finding], severities: Collection[str], row_count: int
) -> list[list[str]]:
    """Give each row the ids of the rules it broke, in the suite's order."""
    ids: list[list[str]] = [[] for _ in range(row_count)]
    for found in findings:
        if found.rule.severity in severities:
            for row in found.failed_rows:
                ids[row].append(found.rule.id)
    return ids


def _observed(checks: pa.Table, findings: Sequence[Finding], row_count: int) -> pa.Array:
    """Give each row the check values that broke critical rules, as words."""
    observed: list[list[dict[str, str]]] = [[] for _ in range(row_count)]
    for found in findings:
        if found.rule.severity == "critical" and found.failed_rows:
            values = checks[found.rule.column].take(pa.array(found.failed_rows)).to_pylist()
            for row, value in zip(found.failed_rows, values, strict=True):
                observed[row].append({"rule": found.rule.id, "value": say(value)})
    return pa.array(observed, OBSERVED.type)
