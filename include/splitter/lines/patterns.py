"""
Match regular expressions that stay compiled between batches.

Polars keeps the 32 patterns that a thread used last. Splitter 4 had 99, so on one thread each was
compiled again for every lot: 0.4 s of CPU, as much as matching took. Here a pattern always runs on
the same thread, and no thread has more than 32. Patterns are kept for ever, so none may be made
from data.

Many patterns have `(?:^|\\W)` or `(?:\\W|$)` where `\\b` would do: with `\\b`, Rust takes up
to 20 times as long on text beyond ASCII. Where `\\b` stays, `contains` searches without it first.
"""

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import polars as pl

LONG_REPEAT = re.compile(r"\{(\d+),\d\d+\}")
KEPT = 32  # compiled patterns that Polars 2.1 keeps per thread

_lock = Lock()
_threads: dict[str, ThreadPoolExecutor] = {}  # by pattern


def contains(texts: pl.Series, pattern: str) -> pl.Series:
    """Return which texts match a pattern (Rust syntax)."""
    loose = _loosen(pattern)
    matches = _run(texts.str.contains, loose)
    if loose == pattern:
        return matches
    at = matches.arg_true()
    return matches.scatter(at, _run(texts.gather(at).str.contains, pattern))


def _loosen(pattern: str) -> str:
    """
    Give a pattern that matches whatever a pattern does, and more, but is fast to search for.

    It has no `\\b`, and repeats without an end: Rust spells out «up to 60 letters», and its
    automaton then outgrows its cache.
    """
    bare = pattern.replace(r"\b", "")
    return LONG_REPEAT.sub(lambda match: "*" if match[1] == "0" else "+", bare)


def contains_with(
    texts: pl.Series, literals: Sequence[str], pattern: str, any_case: bool = False
) -> pl.Series:  # fmt: skip
    """
    Return which texts match a pattern, of those that have one of some literals.

    Where every match has one, the search for literals saves time: nine tenths for the patterns of
    `features.pictures`.

    Args:
        any_case: ignore the case of the literals' ASCII letters.
    """
    has_literal = texts.str.contains_any(list(literals), ascii_case_insensitive=any_case)
    at = has_literal.arg_true()
    return has_literal.scatter(at, contains(texts.gather(at), pattern))


def count_matches(texts: pl.Series, pattern: str) -> pl.Series:
    """Count a pattern's matches in each text."""
    return _run(texts.str.count_matches, pattern)


def extract(texts: pl.Series, pattern: str) -> pl.Series:
    """Give each text's first group of a pattern; null without a match."""
    return _run(texts.str.extract, pattern)


def extract_all(texts: pl.Series, pattern: str) -> pl.Series:
    """Give a list of each text's matches."""
    return _run(texts.str.extract_all, pattern)


def _run(operation: Callable[[str], Any], pattern: str) -> pl.Series:
    matched: pl.Series = _thread_of(pattern).submit(operation, pattern).result()
    return matched


def _thread_of(pattern: str) -> ThreadPoolExecutor:
    """Give the thread that keeps a pattern; a new one for every KEPT patterns."""
    with _lock:
        if pattern not in _threads:
            is_full = len(_threads) % KEPT == 0
            last = next(reversed(_threads.values()), None)
            thread = ThreadPoolExecutor(1, "patterns") if is_full or last is None else last
            _threads[pattern] = thread
        return _threads[pattern]


def _forget_threads() -> None:
    """Drop the threads in a forked child, where they do not run."""
    global _lock
    _lock = Lock()
    _threads.clear()


os.register_at_fork(after_in_child=_forget_threads)
