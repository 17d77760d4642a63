"""The fast fingerprint equals the definition for every character."""

import hashlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.splitter.stories.fingerprint import fingerprint_stories, plain_text
from include.splitter.stories.words import count_words

CHARACTERS = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]


def defined(headline, body):
    plain = plain_text(f"{headline or ''}\n{body}")
    return hashlib.sha256(plain.encode()).hexdigest()


def frame(headlines, bodies):
    return pl.DataFrame(
        {"headline": headlines, "body": bodies},
        schema={"headline": pl.String, "body": pl.String},
    )


def test_every_character_is_hashed_and_counted_as_defined():
    bodies = [f"a{c}b {c} {c}{c}É{c}" for c in CHARACTERS]
    stories = frame([None] * len(bodies), bodies)

    found = fingerprint_stories(stories)

    assert found["text_hash"].to_list() == [defined(None, body) for body in bodies]
    assert found["words"].to_list() == count_words(stories["body"])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(st.none() | TEXT, TEXT), max_size=8))
def test_stories_are_hashed_together_as_they_are_alone(stories):
    found = fingerprint_stories(frame([h for h, _ in stories], [b for _, b in stories]))

    assert found["text_hash"].to_list() == [defined(h, b) for h, b in stories]


def test_case_quotes_and_blanks_do_not_count():
    found = fingerprint_stories(
        frame(["The ‘Ferry’ Sails", "THE FERRY — SAILS"], ["At  noon…", "at\n\nnoon"])
    )

    assert found["text_hash"].n_unique() == 1


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("यह दिन बड़ा है", "यह दान बड़ा है"), id="hindi"),
        pytest.param(("கடல்", "கடால்"), id="tamil"),
        pytest.param(("কথা", "কথি"), id="bengali"),
        pytest.param(("كَتَبَ", "كُتِبَ"), id="arabic with vowels"),
        pytest.param(("דָּבָר", "דֶּבֶר"), id="hebrew with vowels"),
        pytest.param(("น้ำ", "นํา"), id="thai tones"),
        pytest.param(("m\u0331ana", "mana"), id="a mark that no letter has built in"),
    ],
)
def test_texts_that_differ_in_a_mark_have_two_hashes(texts):
    found = fingerprint_stories(frame([None, None], list(texts)))

    assert found["text_hash"].n_unique() == 2


def test_an_accent_built_in_or_apart_is_the_same_accent():
    found = fingerprint_stories(frame([None, None], ["caf\u00e9", "cafe\u0301"]))

    assert found["text_hash"].n_unique() == 1


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_what_nobody_sees_parts_no_word(unseen):
    found = fingerprint_stories(frame([None, None], [f"har{unseen}bour wall", "harbour wall"]))

    assert found["text_hash"].n_unique() == 1
    assert found["words"].to_list() == [2, 2]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("पुल बहुत पुराना है", 4, id="hindi"),
        pytest.param("বৃষ্টি থামেনি", 2, id="bengali"),
        pytest.param("மழை நிற்கவில்லை", 2, id="tamil"),
        pytest.param("قَالَ ٱلرَّجُلُ", 2, id="arabic with vowels"),
        pytest.param("می‌خواهم بروم", 2, id="persian joiner"),
        pytest.param("旧桥必须在冬季之前修复。", 7, id="chinese"),
        pytest.param("橋を修理する。", 4, id="japanese"),
        pytest.param("สะพานเก่า", 2, id="thai"),
        pytest.param("ຂົວເກົ່າ", 2, id="lao"),
        pytest.param("ស្ពានចាស់", 2, id="khmer"),
        pytest.param("다리는 낡았다", 2, id="korean puts blanks"),
        pytest.param("the 旧桥 bridge", 4, id="two scripts"),
        pytest.param("I ❤️ it", 2, id="a mark on a symbol is no word"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_words_are_counted_as_a_reader_counts_them(body, words):
    assert fingerprint_stories(frame([None], [body]))["words"].to_list() == [words]
