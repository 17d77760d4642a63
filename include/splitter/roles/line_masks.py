"""
Masks over the lines of a batch, from values or patterns of some of its lines.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools
from include.splitter.lines.patterns import contains


def mask_lines(at: pl.Series, values: pl.Series, count: int) -> Bools:
    """Return n bools: `values` at the line numbers `at`, False elsewhere."""
    mask = np.zeros(count, dtype=bool)
    mask[at.to_numpy()] = values.to_numpy()
    return mask


def match_lines(looked: pl.DataFrame, longest: int, pattern: str) -> Bools:
    """Find the lines of at most `longest` characters that match a pattern (Rust syntax)."""
    at = (looked["chars"] <= longest).arg_true()
    return mask_lines(at, contains(looked["text"].gather(at), pattern), len(looked))
