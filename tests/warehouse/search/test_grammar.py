"""The grammar: how queries parse, and why others are refused."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import UsageWrong
from include.warehouse.search.grammar import (
    All,
    Any,
    Language,
    Not,
    Outlet,
    Published,
    Words,
    parse_query,
)

A, B, C = (Words((name,)) for name in "abc")


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ("a AND B", All((A, B))),
        ("a OR b c", Any((A, All((B, C))))),
        ("(a OR b) c", All((Any((A, B)), C))),
        ("a NOT b", All((A, Not(B)))),
        ("a -(b OR c)", All((A, Not(Any((B, C)))))),
        ('"a b" c', All((Words(("a", "b")), C))),
        ("“a b” 'c'", All((Words(("a", "b")), C))),
        ("a-b", Words(("a", "b"))),
        ("and or not", All((Words(("and",)), Words(("or",)), Words(("not",))))),
        ("a & b", All((A, B))),
        ("headline:a", Words(("a",), is_headline=True)),
        ("outlet:'Sünd Press'", Outlet(("sund", "press"))),
        ("Outlet: x", Outlet(("x",))),
        ("language:EN", Language("en")),
        ("after:2026-01-31", Published(date(2026, 1, 31), is_before=False)),
        ("before:2026-02", Published(date(2026, 2, 1), is_before=True)),
        ("-outlet:x", Not(Outlet(("x",)))),
        ("東京", Words(("東", "京"))),
        ("don't", Words(("don", "t"))),
    ],
)
def test_a_query_is_understood(query, node):
    assert parse_query(query) == node


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "no word to search for"),
        (" \n ", "no word to search for"),
        ("…", "no word to search for"),
        ('"ferry', 'The quote " is never closed'),
        ("ferry 'strike", "The quote ' is never closed"),
        ("ferry” strike", "The quote ” closes nothing"),
        ('""', "A phrase in quotes has no word"),
        ("ferry AND", "missing after AND"),
        ("ferry OR", "missing after OR"),
        ("OR ferry", "missing after the start"),
        ("AND ferry", "missing after the start"),
        ("ferry OR OR strike", "missing after OR"),
        ("ferry NOT", "missing after NOT"),
        ("ferry NOT AND strike", "missing after NOT"),
        ("(ferry", 'A "(" is never closed'),
        ("ferry)", 'A ")" has no "("'),
        ("()", "missing after ("),
        ("author:x", "There is no field author:. The fields are headline:, outlet:"),
        ("https://a.example", "to search for the words, quote them"),
        ("outlet:", "A value is missing after outlet:"),
        ("outlet:(x)", "A value is missing after outlet:"),
        ("after:yesterday", "takes a day such as"),
        ("after:2026-02-30", "takes a day such as"),
        ("after:0000-01-01", "takes a day such as"),
        ("(" * 500 + "a" + ")" * 499, "more than 20 deep"),
        ("NOT " * 200 + "a", "more than 20 deep"),
        ("a" * 1001, "at most 1,000 characters"),
    ],
)
def test_a_bad_query_is_refused_and_says_why(query, why):
    with pytest.raises(UsageWrong) as refused:
        parse_query(query)

    assert why in str(refused.value)


PIECES = (
    "a",
    "AND",
    "OR",
    "NOT",
    "-",
    "(",
    ")",
    '"',
    "'",
    "outlet:",
    "after:2026-01-01",
    "東京",
    "”",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.text(max_size=80))
def test_any_text_is_understood_or_refused(query):
    with contextlib.suppress(UsageWrong):
        assert parse_query(query) is not None
