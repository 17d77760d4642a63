"""
Apply an analyzer to stories, so that a story it fails on does not stop the others.
"""

from __future__ import annotations

import logging

import pyarrow as pa

from include.analysis.analyzers import Analyzer

log = logging.getLogger("copydesk.analysis")


Rows = tuple[pa.Table, ...]  # of each mart of an analyzer


def apply_analyzer(analyzer: Analyzer, stories: pa.Table) -> tuple[list[Rows], int]:
    """
    Analyse stories together; if that fails, in halves, down to single stories that fail.

    Returns:
        The rows of its marts, part by part in the order of the stories; how many stories failed.
    Raises:
        The first error, if the analyzer fails on no stories at all, or on every one of several.
    """
    try:
        return [analyzer.analyze(stories)], 0
    except BaseException as exc:
        if not stories.num_rows or not _is_fault(exc):
            raise
        parts, failed = _halve(analyzer, stories, exc)
        if failed == stories.num_rows > 1:
            raise
        return parts, failed


def _halve(analyzer: Analyzer, stories: pa.Table, exc: BaseException) -> tuple[list[Rows], int]:
    """Analyse each half of the stories, on which the analyzer failed with `exc`."""
    if stories.num_rows == 1:
        # without the message, which may hold story text
        story_id, error = stories["story_id"][0].as_py(), type(exc).__name__
        marts = ", ".join(mart.name for mart in analyzer.marts)
        log.error("%s failed on story %s: %s", marts, story_id, error)
        return [], 1
    middle = stories.num_rows // 2
    parts: list[Rows] = []
    failed = 0
    for half in (stories.slice(0, middle), stories.slice(middle)):
        try:
            parts.append(analyzer.analyze(half))
        except BaseException as error:
            if not _is_fault(error):
                raise
            half_parts, half_failed = _halve(analyzer, half, error)
            parts += half_parts
            failed += half_failed
    return parts, failed


def _is_fault(exc: BaseException) -> bool:
    """Tell whether a story may have caused the error; a panic of Polars is a `BaseException`."""
    return isinstance(exc, Exception) or type(exc).__name__ == "PanicException"
