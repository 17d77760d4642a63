"""Patterns stay compiled between batches: no thread has more of them than Polars keeps."""

from collections import Counter

import polars as pl

from include.splitter.lines import patterns
from include.splitter.lines.patterns import (
    contains,
    contains_with,
    count_matches,
    extract,
    extract_all,
)

TEXTS = pl.Series(["Vorrin, 3 March", "no date", "", None, "4 and 5"])


def test_matches_are_those_of_polars() -> None:
    digit = r"(\d)"
    assert contains(TEXTS, digit).equals(TEXTS.str.contains(digit))
    assert count_matches(TEXTS, digit).equals(TEXTS.str.count_matches(digit))
    assert extract(TEXTS, digit).equals(TEXTS.str.extract(digit))
    assert extract_all(TEXTS, digit).equals(TEXTS.str.extract_all(digit))


def test_a_pattern_that_is_searched_for_loosely_first_matches_no_more() -> None:
    pattern = r"\bdé[^.]{2,12}$|\bver\b"
    texts = pl.Series(["ein dédé", "dé", "Kladé nu", "ver.", "verre", "dé, der zu lang ist", None])
    assert contains(texts, pattern).equals(texts.str.contains(pattern))
    assert contains(texts, pattern).to_list() == [True, False, False, True, False, False, None]


def test_a_text_without_the_literal_does_not_match() -> None:
    texts = pl.Series(["BELL 3", "bell 4", "5", "bell"])
    assert contains_with(texts, ("bell",), r"\d").to_list() == [False, True, False, False]
    assert contains_with(texts, ("bell",), r"\d", any_case=True).to_list() == [
        True, True, False, False,
    ]  # fmt: skip


def test_no_thread_has_more_patterns_than_polars_keeps() -> None:
    for number in range(2 * patterns.KEPT):
        contains(TEXTS, f"pattern {number}")
    threads = Counter(map(id, patterns._threads.values()))
    assert max(threads.values()) <= patterns.KEPT
    assert len(threads) >= 2


def test_a_forked_process_starts_its_own_threads() -> None:
    contains(TEXTS, r"\d")
    patterns._forget_threads()  # what a fork does in the child
    assert not patterns._threads
    assert contains(TEXTS, r"\d").to_list() == [True, False, False, None, True]
