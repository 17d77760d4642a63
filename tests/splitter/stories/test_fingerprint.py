"""The fast fingerprint equals the definition for every character."""

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from include.splitter.stories.fingerprint import WORD, fingerprint_stories, plain_text

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
    assert found["words"].to_list() == stories["body"].str.count_matches(WORD).to_list()


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
