"""
The gate: a run is weighed as a whole, by sums of what its batches told, before anything lands.

Reads receipts only. Drift against earlier runs is not weighed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import GateClosed
from include.model import FileTally, Run, StoryTally
from include.quality.derive import derive_checks
from include.quality.describe import state_bound
from include.quality.examine import Finding, examine_checks
from include.quality.results import tabulate_findings
from include.quality.suite import load_suite

WHOLE_RUN = "run"  # the batch_id of a result on the whole run


def judge_run(
    intake_receipt: Mapping[str, Any], judge_receipts: Sequence[Mapping[str, Any]], run: Run
) -> pa.Table:
    """
    Judge a run by the suite `run`.

    Args:
        intake_receipt: what the step intake wrote; judge_receipts: one a batch, in any order.
    Returns:
        One row a rule, columns of `results.RESULTS`, batch_id `run`.
    Raises:
        GateClosed: a critical rule is broken; names the first, its figure and its bound, and all
            others that are.
        SuiteError: the suite could not be evaluated.
    """
    suite = load_suite("run")
    figures = pa.Table.from_pylist([sum_up(intake_receipt, judge_receipts, run)])
    findings = examine_checks(derive_checks(figures, suite, run), suite)
    broken = [f for f in findings if f.failed and f.rule.severity == "critical"]
    if broken:
        raise _closed(broken)
    return tabulate_findings(findings, suite, WHOLE_RUN, run)


def sum_up(
    intake_receipt: Mapping[str, Any], judge_receipts: Sequence[Mapping[str, Any]], run: Run
) -> dict[str, int]:
    """
    Sum a run up from its receipts.

    Returns:
        files_seen … files_ignored; batches shared out; batches_judged, of them, each once;
        batches_surplus, receipts beyond those; versions, pairs of splitter and suite; and the sums
        stories, landed, quarantined over all receipts.
    """
    files = FileTally(**intake_receipt["tally"])
    stories = [StoryTally(**receipt["tally"]) for receipt in judge_receipts]
    shared_out = {(run.run_id, Path(path).stem) for path in intake_receipt["batches"]}
    judged = {(receipt["run_id"], receipt["batch_id"]) for receipt in judge_receipts}
    return {
        **{f"files_{outcome}": count for outcome, count in asdict(files).items()},
        "batches": len(shared_out),
        "batches_judged": len(shared_out & judged),
        "batches_surplus": len(judge_receipts) - len(shared_out & judged),
        "versions": len({(r["splitter_version"], r["suite_version"]) for r in judge_receipts}),
        "stories": sum(tally.stories for tally in stories),
        "landed": sum(tally.landed for tally in stories),
        "quarantined": sum(tally.quarantined for tally in stories),
    }


def _closed(broken: Sequence[Finding]) -> GateClosed:
    first, *others = broken
    also = f" Also broken: {', '.join(f.rule.id for f in others)}." if others else ""
    way_out = (
        f"The bound is {state_bound(first.rule)}. {first.rule.note}{also} Nothing has landed; "
        "docs/quality.md, 'When the gate is closed', says what to do."
    )
    return GateClosed(f"gate: {first.rule.id}", first.observed, way_out)
