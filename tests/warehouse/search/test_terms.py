"""Terms: the same whatever the case, the accents and the script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.warehouse.search.terms import LONGEST, find_terms, list_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ångström", "ANGSTROM"), ("Straße", "strasse"), ("Łódź", "lodz"), ("Æsop", "aesop"),
        ("e\u0301te\u0301", "été"), ("co\u00adoperate", "cooperate"), ("Ｆｕｌｌ", "full"),
        ("ΑΘΉΝΑ", "αθηνα"), ("Ёлка", "елка"), ("İstanbul", "istanbul"), ("מִלָּה", "מלה"),
        ("مُحَمَّد", "محمد"), ("2026年", "2026 年"), ("l’été", "l ete"), ("ＮＨＫ", "nhk"),
    ],
)  # fmt: skip
def test_spellings_of_one_word_are_one_term(one, other):
    assert list_terms(one) == list_terms(other)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("…!? _", []),
        ("ice-cream, U.S.", ["ice", "cream", "u", "s"]),
        ("東京都庁で", ["東", "京", "都", "庁", "で"]),
        ("ภาษาไทย", ["ภาษา", "ไทย"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("한국어", ["한국어"]),
    ],
)
def test_a_text_is_cut_into_words_or_characters(text, terms):
    assert list_terms(text) == terms


def test_a_long_word_is_cut_off():
    assert list_terms("x" * 500) == ["x" * LONGEST]


@given(st.text(max_size=200))
def test_a_term_is_at_its_offsets(text):
    terms = list(find_terms(text))

    assert [term.text for term in terms] == list_terms(text)
    for term in terms:
        assert list_terms(text[term.start : term.end])[:1] == [term.text]
        assert not any(letter.isspace() for letter in term.text)
