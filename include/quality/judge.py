"""
Judge the stories of a batch: which land, which are quarantined, and by which rules.

A story is judged by figures derived from it; its text reaches neither Great Expectations nor a
verdict. Every story comes out exactly once, unchanged and in the original order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from include.model import Judged, Run
from include.quality.checks.derive import derive_checks
from include.quality.checks.great_expectations import Finding, examine_checks, say
from include.quality.checks.results import tabulate_findings
from include.quality.suites.rules import Suite
from include.schema import lake as lake_schema

FAILED = pa.field("failed_rules", lake_schema.WORDS, nullable=False)
OBSERVED = pa.field("observed", lake_schema.OBSERVED, nullable=False)
FLAGS = lake_schema.schema_of([lake_schema.FLAGS]).field(0)
SUITE_VERSION = pa.field("suite_version", pa.string(), nullable=False)


@dataclass(frozen=True)
class Ruling:
    """
    A suite's ruling on a batch of stories.

    flags, failed, observed: by row number, for the rows that have any, in the suite's order.
    results: one row per rule, columns of `results.RESULTS`. stories: how many were checked.
    """

    flags: dict[int, list[str]]
    failed: dict[int, list[str]]
    observed: dict[int, list[dict[str, str]]]
    results: pa.Table
    stories: int
    suite_version: str

    def apply(self, stories: pa.Table, first: int = 0) -> Judged:
        """Judge a slice of the batch's stories, starting at row number `first`."""
        rows = range(first, first + stories.num_rows)
        flagged = stories.append_column(FLAGS, _lists(self.flags, rows, FLAGS.type))
        aside = [row - first for row in rows if self.failed.get(row)]
        lands = flagged
        if aside:
            kept = pa.array(np.setdiff1d(np.arange(len(rows)), aside))
            lands = flagged.take(kept)
        held = [first + row for row in aside]
        version = pa.array([self.suite_version] * len(held), pa.string())
        return Judged(
            landed=lands,
            quarantined=flagged.take(pa.array(aside, pa.int64()))
            .append_column(FAILED, _lists(self.failed, held, FAILED.type))
            .append_column(OBSERVED, _lists(self.observed, held, OBSERVED.type))
            .append_column(SUITE_VERSION, version),
            results=self.results,
        )


def _lists(lists: Mapping[int, Sequence[Any]], rows: Sequence[int], kind: pa.DataType) -> pa.Array:
    """Give a list array with each row's list, empty if it has none."""
    row_lists = [lists.get(row, ()) for row in rows]
    ends = np.cumsum([len(some) for some in row_lists], dtype=np.int32)
    values = pa.array([value for some in row_lists if some for value in some], kind.value_type)
    offsets = pa.array(np.concatenate([np.zeros(1, np.int32), ends]))
    return pa.ListArray.from_arrays(offsets, values, type=kind)


def judge_stories(stories: pa.Table, suite: Suite, batch_id: str, run: Run) -> Judged:
    """
    Judge a batch of stories.

    Args:
        stories: n ≥ 0 rows, columns of `columns.STORY_PARTS`.
    Returns:
        landed: those that broke no critical rule. quarantined: the others, with `failed_rules` and
        `observed` in the suite's order (values formatted by `say`) and `suite_version`.
    Raises:
        SuiteError: a check column or a rule could not be evaluated; no story is judged.
    """
    return rule_on(stories, suite, batch_id, run).apply(stories)


def rule_on(stories: pa.Table, suite: Suite, batch_id: str, run: Run) -> Ruling:
    """
    Rule on a batch of stories; `Ruling.apply` then judges them slice by slice.

    Raises:
        SuiteError: as `judge_stories`.
    """
    checks = derive_checks(stories, suite, run)
    findings = examine_checks(checks, suite)
    return Ruling(
        flags=_ids_by_row(findings, {"warning", "info"}),
        failed=_ids_by_row(findings, {"critical"}),
        observed=_observed(checks, findings),
        results=tabulate_findings(findings, suite, batch_id, run),
        stories=checks.num_rows,
        suite_version=suite.version,
    )


def _ids_by_row(findings: Sequence[Finding], severities: Collection[str]) -> dict[int, list[str]]:
    """Give, by row number, the ids of the rules that the row broke, in the suite's order."""
    ids: dict[int, list[str]] = {}
    for finding in findings:
        if finding.rule.severity in severities:
            for row in finding.failed_rows:
                ids.setdefault(row, []).append(finding.rule.id)
    return ids


def _observed(checks: pa.Table, findings: Sequence[Finding]) -> dict[int, list[dict[str, str]]]:
    """Give, by row number, the formatted check values that broke critical rules."""
    observed: dict[int, list[dict[str, str]]] = {}
    for finding in findings:
        if finding.rule.severity == "critical" and finding.failed_rows:
            values = checks[finding.rule.column].take(pa.array(finding.failed_rows)).to_pylist()
            for row, value in zip(finding.failed_rows, values, strict=True):
                entry = {"rule": finding.rule.id, "value": say(value)}
                observed.setdefault(row, []).append(entry)
    return observed


def waive(ruling: Ruling, stories: pa.Table, waivers: pa.Table) -> Ruling:
    """
    Give a ruling with the waived rules moved from the failed ones to the flags.

    Args:
        stories: those ruled on, in that order. waivers: columns of `review_columns.WAIVERS`; one
            holds for the story of that id while its text is unchanged.
    """
    if not ruling.failed or not waivers.num_rows:
        return ruling
    released = {(row["story_id"], row["text_hash"]): row["rules"] for row in waivers.to_pylist()}
    rows = sorted(ruling.failed)
    failing = stories.select(["story_id", "text_hash"]).take(pa.array(rows, pa.int64())).to_pylist()
    flags, failed, observed = dict(ruling.flags), dict(ruling.failed), dict(ruling.observed)
    for row, story in zip(rows, failing, strict=True):
        rules = released.get((story["story_id"], story["text_hash"]), ())
        flags[row] = [*flags.get(row, []), *(rule for rule in failed[row] if rule in rules)]
        failed[row] = [rule for rule in failed[row] if rule not in rules]
        observed[row] = [entry for entry in observed.get(row, []) if entry["rule"] not in rules]
    return replace(ruling, flags=flags, failed=failed, observed=observed)
