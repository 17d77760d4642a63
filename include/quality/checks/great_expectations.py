"""
Evaluate rules on check columns with Great Expectations, and report the rows that break each one.

This file alone imports Great Expectations, and only when called: the import costs 3.4 s of CPU and
260 MB. It works around the pitfalls of version 1.24: `unexpected_list` is truncated at 200 (never
read), a named index copies values into the result (ours has no name), a rule it cannot parse is
logged and dropped and one it cannot evaluate is reported as failed (both raise here), two identical
rules are merged (the suite refuses them). It sends no telemetry (a test asserts that).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa

from include.errors import SuiteError
from include.quality.suites.rules import Rule, Suite

SLICE_ROWS = (
    50_000  # GX copies the frame per rule: 0.7 GB peak at 100,000 rows, 1.5 GB at a million
)
COMPLETE = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
}


@dataclass(frozen=True)
class Finding:
    """
    The outcome of one rule.

    evaluated: values checked, nulls excluded; for a figure of a batch or run 1, or 0 if null.
    failed: how many of them broke the rule. failed_rows: their row numbers, ascending; empty
    for a batch's figure. observed: the figure of a batch or run; None for rules on rows.
    """

    rule: Rule
    evaluated: int
    failed: int
    failed_rows: tuple[int, ...] = ()
    observed: str | None = None


def examine_checks(checks: pa.Table, suite: Suite) -> tuple[Finding, ...]:
    """
    Evaluate every rule of a suite on its check columns.

    Args:
        checks: n ≥ 0 rows of `suite.check_columns`, as `derive_checks` gives them.
    Returns:
        One finding per rule, in the suite's order. Nothing is imported if n = 0.
    Raises:
        SuiteError: a rule could not be evaluated, or did not name every row that breaks it.
    """
    rows = [rule for rule in suite.rules if rule.scope != "batch"]
    batch = [rule for rule in suite.rules if rule.scope == "batch"]
    with_figure = [rule for rule in batch if checks[rule.column].null_count < checks.num_rows]
    # one validation if all fits one slice: each costs 0.2 s before its first row
    whole = with_figure if checks.num_rows <= SLICE_ROWS else []
    slices = [_validate(frame, suite.name, rows + whole) for frame in _frames(checks, rows + whole)]
    findings = {rule.id: _sum_rows(checks, suite.name, rule, slices) for rule in rows}
    findings |= {rule.id: Finding(rule, 0, 0) for rule in batch}
    if with_figure:
        results = slices[0] if whole else _validate_whole(checks, suite.name, with_figure)
        findings |= {rule.id: _figure_of(rule, results[rule.id]) for rule in with_figure}
    return tuple(findings[rule.id] for rule in suite.rules)


def say(value: object) -> str:
    """Format a check value for people: true, 7, 0.0833, null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _sum_rows(
    checks: pa.Table, name: str, rule: Rule, slices: Sequence[Mapping[str, Any]]
) -> Finding:
    """Add up the results of all slices for a rule that checks row by row."""
    evaluated, failed = 0, list[int]()
    for results in slices:
        result = results[rule.id].result
        evaluated += result["element_count"] - result.get("missing_count", 0)
        failed += _failed_rows(f"{name}: rule {rule.id}", result)
    is_figure = rule.scope == "run" and len(checks)
    observed = say(checks[rule.column][0].as_py()) if is_figure else None
    return Finding(rule, evaluated, len(failed), tuple(failed), observed)


def _figure_of(rule: Rule, result: Any) -> Finding:
    """Give the finding of a rule that checks one figure of the whole batch."""
    figure = float(result.result["observed_value"])
    return Finding(rule, 1, int(not result.success), (), say(figure))


def _frames(checks: pa.Table, rules: Sequence[Rule]) -> Iterator[pd.DataFrame]:
    """Give the slices as pandas frames; the unnamed index is the row number."""
    if not rules:
        return
    for start in range(0, checks.num_rows, SLICE_ROWS):
        frame = checks.slice(start, SLICE_ROWS).to_pandas()
        frame.index = pd.RangeIndex(start, start + len(frame))
        yield frame


def _validate_whole(checks: pa.Table, name: str, rules: Sequence[Rule]) -> dict[str, Any]:
    """Validate a batch of several slices, but only the columns that its batch rules check."""
    columns = list(dict.fromkeys(rule.column for rule in rules))
    return _validate(checks.select(columns).to_pandas(), name, rules)


def _validate(frame: pd.DataFrame, name: str, rules: Sequence[Rule]) -> dict[str, Any]:
    """Run the rules over a frame; give GX's result by rule id."""
    gx, context = open_context()
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    try:
        suite = gx.ExpectationSuite(name=name, expectations=[_expectation(r) for r in rules])
        definition = gx.ValidationDefinition(
            name=name,
            data=asset.add_batch_definition_whole_dataframe(name),
            suite=context.suites.add(suite),
        )
        # ValidationDefinition.run, not batch.validate: the latter hashes the frame twice
        with _configured_once(gx.expectations.Expectation):
            outcome = context.validation_definitions.add(definition).run(
                batch_parameters={"dataframe": frame}, result_format=COMPLETE
            )
    except (gx.exceptions.GreatExpectationsError, ValueError, TypeError) as exc:
        raise SuiteError(f"{name}: rules", str(exc), "Fix the suite.") from exc
    # GX objects form reference cycles that would keep the frame alive: 15 MB per slice.
    for column in list(frame.columns):
        del frame[column]
    return _results_by_rule(name, rules, outcome.results)


@contextmanager
def _configured_once(kind: Any) -> Iterator[None]:
    """
    Cache each expectation's configuration, which GX would otherwise build 76 times.

    The property deep-copies the expectation, a third of a validation's cost, and no expectation
    changes during validation. Not thread-safe; the judge runs in one thread.
    """
    cache: dict[int, tuple[Any, Any]] = {}  # holds the expectation, so its id is not reused
    build = kind.configuration.fget

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in cache:
            cache[id(expectation)] = (expectation, build(expectation))
        return cache[id(expectation)][1]

    kind.configuration = property(configuration)
    try:
        yield
    finally:
        kind.configuration = property(build)


def open_context() -> tuple[ModuleType, Any]:
    """Import Great Expectations; give it and a context that writes nothing to disk."""
    gx = _import_quietly()
    return gx, gx.get_context(mode="ephemeral", project_config=_in_memory())


def _import_quietly() -> ModuleType:
    with warnings.catch_warnings():
        # it imports sre_constants, deprecated since Python 3.11, and pyspark if that is installed,
        # which warns of pandas 3
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        import great_expectations as gx
    logging.getLogger("great_expectations").setLevel(
        logging.ERROR
    )  # it logs every context it opens
    module: ModuleType = gx
    return module


def _in_memory() -> Any:
    """Give the configuration of a context without files, docs site or progress bars."""
    from great_expectations.data_context.types import base

    backend = base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    return base.DataContextConfig(store_backend_defaults=backend, progress_bars={"globally": False})


def _expectation(rule: Rule) -> dict[str, Any]:
    return {
        "type": rule.expect,
        "kwargs": dict(rule.kwargs),
        "severity": rule.severity,
        "meta": {"rule": rule.id},
    }


def _results_by_rule(name: str, rules: Sequence[Rule], results: Sequence[Any]) -> dict[str, Any]:
    """Give the results by rule id; raise `SuiteError` if GX dropped or could not run a rule."""
    by_rule = {result.expectation_config.meta["rule"]: result for result in results}
    for rule in rules:
        if rule.id not in by_rule:
            raise SuiteError(
                f"{name}: rule", rule.id, "Great Expectations dropped it: see its log."
            )
        message = _exception_of(by_rule[rule.id].exception_info or {})
        if message:
            raise SuiteError(f"{name}: rule {rule.id}", message, "It cannot be evaluated: fix it.")
    return by_rule


def _exception_of(info: Mapping[str, Any]) -> str:
    """Give the message of an `exception_info`, in either of its two shapes; '' if there is none."""
    if "raised_exception" in info:
        return str(info["exception_message"] or "unknown") if info["raised_exception"] else ""
    return "; ".join(sorted({str(one["exception_message"]) for one in info.values()}))


def _failed_rows(where: str, result: Mapping[str, Any]) -> list[int]:
    """Give the failing row numbers, ascending; raise `SuiteError` if GX did not name them all."""
    rows = sorted(int(row) for row in result.get("unexpected_index_list") or [])
    if len(set(rows)) != result["unexpected_count"]:
        counts = (result["unexpected_count"], len(set(rows)))
        raise SuiteError(where, counts, "Failing rows were counted, but not all of them named.")
    return rows
