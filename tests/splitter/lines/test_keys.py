"""Line keys: the fast byte path and the slow path agree."""

import polars as pl
import pytest

from include.splitter.lines.keys import read_letters


def keys(*lines):
    return read_letters(pl.Series(lines))["key"]


@pytest.mark.parametrize(
    "other",
    [
        "ÉTÉ À ÖSTERGÖTLAND – “OUI”",
        "été  à\u00a0östergötland – “oui”",
        "e\u0301te\u0301 à östergötland – “oui”",
        "été à ös\u00adtergöt\u200bland – “oui”",
    ],
)
def test_lines_that_read_the_same_have_one_key(other):
    assert keys("été à östergötland – “oui”", other).n_unique() == 1


def test_lines_that_differ_by_a_letter_or_a_sign_have_keys_of_their_own():
    assert keys("3 × 4", "3 ÷ 4", "3 ß 4", "été", "ete").n_unique() == 5


def test_blanks_and_wide_signs_are_counted_line_by_line():
    letters = read_letters(pl.Series(["a b c", "", "夜の船", "ein\tWort", "x  y"]))

    assert letters["blanks"].to_list() == [2, 0, 0, 0, 2]
    assert letters["wide"].to_list() == [0, 0, 3, 0, 0]


def test_no_line_gives_no_row():
    assert read_letters(pl.Series([], dtype=pl.String)).height == 0
