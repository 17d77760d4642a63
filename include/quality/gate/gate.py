"""
Judge a run as a whole, by the sums of its batches and the last runs that landed, before it lands.

A broken critical rule closes the gate. A person can open it for one run by naming the rules that
may be broken, except those that guard against losing stories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import pyarrow as pa

from include.errors import UsageWrong
from include.model import JudgedBatch, Opening, Run, Taken
from include.quality.checks.derive import derive_checks
from include.quality.checks.great_expectations import Finding, examine_checks
from include.quality.checks.results import OF_THE_RUN, RESULTS, tabulate_findings
from include.quality.gate.drift import read_history, weigh_drift
from include.quality.gate.figures import FIGURES, MIN_STORIES, SHAPE, sum_figures, tabulate_figures
from include.quality.gate.verdict import Reason, Verdict
from include.quality.suites.describe import state_bound
from include.quality.suites.rules import Rule, Suite, names_in
from include.quality.suites.suite import load_suite
from include.schema.column import schema_of
from include.schema.quality import GATE_OPENINGS

WHOLE_RUN = "run"  # the batch_id of a result on the whole run
# Breaking these would lose or duplicate stories; landing refuses such a run too.
NEVER_OPENED = ("run.files", "run.batches", "run.batches_once", "run.one_version", "run.stories")
OPENINGS = schema_of(c for c in GATE_OPENINGS.columns if c.name not in OF_THE_RUN)


@dataclass(frozen=True)
class Evidence:
    """
    The data the gate judges by: from this run's batches, and from earlier runs.

    shapes: `figures.SHAPE`, of all batches. results: rows of `quality_results`, of all batches.
    history: rows of `run_figures`, of the last runs that landed. is_chosen: the pages were picked
    by hand, so comparison with usual runs means nothing: only `NEVER_OPENED` closes the gate.
    """

    shapes: pa.Table = field(default_factory=SHAPE.empty_table)
    results: pa.Table = field(default_factory=RESULTS.empty_table)
    history: pa.Table = field(default_factory=FIGURES.empty_table)
    is_chosen: bool = False


NO_EVIDENCE = Evidence()


def check_opening(opening: Opening) -> None:
    """Raise `UsageWrong` if it names a rule that is not the gate's or cannot be opened."""
    critical = [rule.id for rule in load_suite("run").rules if rule.severity == "critical"]
    can_open = [rule_id for rule_id in critical if rule_id not in NEVER_OPENED]
    for rule_id in opening.rules:
        if rule_id not in can_open:
            way_out = f"Rules that can be opened are {', '.join(can_open)}."
            raise UsageWrong("open gate", rule_id, way_out)


def judge_run(
    taken: Taken,
    judged: Sequence[JudgedBatch],
    run: Run,
    evidence: Evidence = NO_EVIDENCE,
    opening: Opening | None = None,
) -> Verdict:
    """
    Judge a run by the suite `run`.

    Args:
        judged: in any order.
        opening: the rules that a person allows to be broken in this run.
    Raises:
        SuiteError: the suite could not be evaluated.
        UsageWrong: the opening names a rule that is not the gate's or cannot be opened.
    """
    suite, may_break = load_suite("run"), frozenset(opening.rules if opening else ())
    if opening:
        check_opening(opening)
    sums = sum_up(taken, judged, run)
    figures = sum_figures(evidence.shapes, evidence.results, sums)
    drift = weigh_drift(figures, read_history(evidence.history))
    rate, worst = _find_worst(evidence.results)
    details = {**drift.details, "critical_rule_rate": f"the rule is {worst}"}
    measures = {**drift.row, "critical_rule_rate": rate}
    row = {
        **{name: pa.array([count], pa.int64()) for name, count in sums.items()},
        **{name: pa.array([figure], pa.float64()) for name, figure in measures.items()},
    }
    checks = derive_checks(pa.table(row), suite, run)
    findings = examine_checks(checks, suite)
    broken = [f for f in findings if f.failed and f.rule.severity == "critical"]
    if evidence.is_chosen:
        broken = [f for f in broken if f.rule.id in NEVER_OPENED]
    return Verdict(
        results=tabulate_findings(findings, suite, WHOLE_RUN, run),
        figures=tabulate_figures(figures),
        openings=_tabulate_openings([f for f in broken if f.rule.id in may_break], opening),
        broken=tuple(_give_reason(f, suite, details) for f in broken if f.rule.id not in may_break),
    )


def sum_up(taken: Taken, judged: Sequence[JudgedBatch], run: Run) -> dict[str, int]:
    """
    Add up a run's batches.

    Returns:
        files_seen … files_ignored; batches, as created by intake; batches_judged, how many of them
        were judged; batches_surplus, judged ones beyond those; versions, pairs of splitter and
        suite; and pages_set_aside, stories, landed, quarantined summed over all judged batches.
    """
    created = {(run.run_id, batch_id) for batch_id in taken.batches}
    ids = {(batch.run_id, batch.batch_id) for batch in judged}
    return {
        **{f"files_{outcome}": count for outcome, count in asdict(taken.tally).items()},
        "batches": len(created),
        "batches_judged": len(created & ids),
        "batches_surplus": len(judged) - len(created & ids),
        "versions": len({(batch.splitter_version, batch.suite_version) for batch in judged}),
        "pages_set_aside": sum(batch.set_aside for batch in judged),
        "stories": sum(batch.tally.stories for batch in judged),
        "landed": sum(batch.tally.landed for batch in judged),
        "quarantined": sum(batch.tally.quarantined for batch in judged),
    }


def _find_worst(results: pa.Table) -> tuple[float | None, str]:
    """Give the highest share of stories that one critical rule quarantined, and that rule."""
    checked: dict[str, int] = {}
    failed: dict[str, int] = {}
    for row in results.to_pylist():
        if (row["suite"], row["scope"], row["severity"]) == ("stories", "row", "critical"):
            rule_id = row["rule_id"]
            checked[rule_id] = checked.get(rule_id, 0) + row["evaluated"]
            failed[rule_id] = failed.get(rule_id, 0) + row["failed"]
    rates = [(failed[rule] / n, rule) for rule, n in checked.items() if n >= MIN_STORIES]
    return max(rates, default=(None, ""))


def _tabulate_openings(opened: Sequence[Finding], opening: Opening | None) -> pa.Table:
    rows = [
        {
            "rule_id": finding.rule.id,
            "observed": finding.observed,
            "bound": state_bound(finding.rule),
            "opened_by": opening.opened_by,
            "opened_at": opening.opened_at,
        }
        for finding in opened
        if opening
    ]
    return pa.Table.from_pylist(rows, schema=OPENINGS)


def _give_reason(finding: Finding, suite: Suite, details: Mapping[str, str]) -> Reason:
    return Reason(
        finding.rule.id,
        finding.observed,
        state_bound(finding.rule),
        _explain(finding.rule, suite, details),
        finding.rule.note,
    )


def _explain(rule: Rule, suite: Suite, details: Mapping[str, str]) -> str:
    """Give the details on the figures that a rule's check column uses."""
    named = names_in(suite.derive[rule.column])
    return "; ".join(words for name, words in details.items() if name in named)
