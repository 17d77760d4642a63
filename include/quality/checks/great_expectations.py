"""
Examining: Great Expectations looks at check columns and says which rows break which rule.

The only file that imports Great Expectations, and only when it is called: the import costs 3.4 s of
CPU and 260 MB. What is treacherous in 1.24 is met here: `unexpected_list` ends at 200 (never read),
an index with a name drags values into the result (ours has none), a rule it cannot read is logged
and dropped, one it cannot evaluate is reported as failed (both raise here), two rules that ask the
same are merged (the suite refuses them). It sends no telemetry (a test holds it to that).
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
    What one rule found.

    evaluated: values looked at (nulls are not); 1 for a figure of a batch or run, 0 without one.
    failed: of them, those that broke the rule. failed_rows: their row numbers, ascending; empty
    for a batch's figure. observed: the figure of a batch or run; None for rules on rows.
    """

    rule: Rule
    evaluated: int
    failed: int
    failed_rows: tuple[int, ...] = ()
    observed: str | None = None


def examine_checks(checks: pa.Table, suite: Suite) -> tuple[Finding, ...]:
    """
    Examine check columns by every rule of their suite.

    Args:
        checks: n ≥ 0 rows of `suite.check_columns`, as `derive_checks` gives them.
    Returns:
        One finding a rule, in the suite's order. Nothing is imported where n = 0.
    Raises:
        SuiteError: a rule could not be evaluated, or did not name every row that breaks it.
    """
    rows = [rule for rule in suite.rules if rule.scope != "batch"]
    batch = [rule for rule in suite.rules if rule.scope == "batch"]
    told = [rule for rule in batch if checks[rule.column].null_count < checks.num_rows]
    # what fits one slice is shown once, whole: each validation costs 0.2 s before its first row
    whole = told if checks.num_rows <= SLICE_ROWS else []
    slices = [_validate(frame, suite.name, rows + whole) for frame in _frames(checks, rows + whole)]
    found = {rule.id: _sum_rows(checks, suite.name, rule, slices) for rule in rows}
    found |= {rule.id: Finding(rule, 0, 0) for rule in batch}
    if told:
        results = slices[0] if whole else _validate_whole(checks, suite.name, told)
        found |= {rule.id: _figure_of(rule, results[rule.id]) for rule in told}
    return tuple(found[rule.id] for rule in suite.rules)


def say(value: object) -> str:
    """Give a check value as it is shown: true, 7, 0.0833, null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _sum_rows(
    checks: pa.Table, name: str, rule: Rule, slices: Sequence[Mapping[str, Any]]
) -> Finding:
    """Sum up what the slices say of a rule that looks at row by row."""
    evaluated, failed = 0, list[int]()
    for results in slices:
        result = results[rule.id].result
        evaluated += result["element_count"] - result.get("missing_count", 0)
        failed += _failed_rows(f"{name}: rule {rule.id}", result)
    is_figure = rule.scope == "run" and len(checks)
    observed = say(checks[rule.column][0].as_py()) if is_figure else None
    return Finding(rule, evaluated, len(failed), tuple(failed), observed)


def _figure_of(rule: Rule, result: Any) -> Finding:
    """Give the one figure that a rule looked at over the whole batch."""
    figure = float(result.result["observed_value"])
    return Finding(rule, 1, int(not result.success), (), say(figure))


def _frames(checks: pa.Table, rules: Sequence[Rule]) -> Iterator[pd.DataFrame]:
    """Give the slices as pandas frames; the index, which has no name, is the row number."""
    if not rules:
        return
    for start in range(0, checks.num_rows, SLICE_ROWS):
        frame = checks.slice(start, SLICE_ROWS).to_pandas()
        frame.index = pd.RangeIndex(start, start + len(frame))
        yield frame


def _validate_whole(checks: pa.Table, name: str, rules: Sequence[Rule]) -> dict[str, Any]:
    """Validate a batch of several slices, but only the columns that its own rules look at."""
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
        raise SuiteError(f"{name}: rules", str(exc), "Mend the suite.") from exc
    # Its objects refer to one another in circles, so they outlive the call: 15 MB a slice, else.
    for column in list(frame.columns):
        del frame[column]
    return _results_by_rule(name, rules, outcome.results)


@contextmanager
def _configured_once(kind: Any) -> Iterator[None]:
    """
    Let an expectation make its configuration once, not 76 times; the judge runs in one thread.

    It is a property that copies the expectation whole: a third of what a validation costs. None
    changes while it is validated.
    """
    made: dict[int, tuple[Any, Any]] = {}  # with the expectation, so that no id is used again
    anew = kind.configuration.fget

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in made:
            made[id(expectation)] = (expectation, anew(expectation))
        return made[id(expectation)][1]

    kind.configuration = property(configuration)
    try:
        yield
    finally:
        kind.configuration = property(anew)


def open_context() -> tuple[ModuleType, Any]:
    """Import Great Expectations; give it and a context that leaves nothing behind."""
    gx = _import_quietly()
    return gx, gx.get_context(mode="ephemeral", project_config=_in_memory())


def _import_quietly() -> ModuleType:
    with warnings.catch_warnings():
        # it touches sre_constants, deprecated since Python 3.11: not ours to mend
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
    logging.getLogger("great_expectations").setLevel(logging.ERROR)  # it narrates each context
    module: ModuleType = gx
    return module


def _in_memory() -> Any:
    """Give the configuration of a context that leaves no file, no docs site, no progress bar."""
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
    """Sort results by rule id; GX reports a rule it cannot evaluate as failed: that is our bug."""
    by_rule = {result.expectation_config.meta["rule"]: result for result in results}
    for rule in rules:
        if rule.id not in by_rule:
            raise SuiteError(
                f"{name}: rule", rule.id, "Great Expectations dropped it: see its log."
            )
        message = _exception_of(by_rule[rule.id].exception_info or {})
        if message:
            raise SuiteError(f"{name}: rule {rule.id}", message, "It cannot be evaluated: mend it.")
    return by_rule


def _exception_of(info: Mapping[str, Any]) -> str:
    """Give the message of an `exception_info`, in either of its two shapes; '' where none."""
    if "raised_exception" in info:
        return str(info["exception_message"] or "unknown") if info["raised_exception"] else ""
    return "; ".join(sorted({str(one["exception_message"]) for one in info.values()}))


def _failed_rows(where: str, result: Mapping[str, Any]) -> list[int]:
    """Give the failing row numbers, ascending; fail closed where GX did not name them all."""
    rows = sorted(int(row) for row in result.get("unexpected_index_list") or [])
    if len(set(rows)) != result["unexpected_count"]:
        counts = (result["unexpected_count"], len(set(rows)))
        raise SuiteError(where, counts, "Failing rows were counted, but not all of them named.")
    return rows
