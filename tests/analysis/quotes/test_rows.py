"""Quotes as rows: kind, parts, cue and speaker."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.analysis.quotes.rows import quote_stories
from include.schema.quotes import QUOTES


def quotes(body: str, language: str = "en") -> list[dict[str, Any]]:
    columns = {"story_id": ["s"], "body": [body], "language": [language]}
    return quote_stories(pa.table(columns)).to_pylist()


def speakers(body: str, language: str = "en") -> list[str | None]:
    return [row["speaker"] for row in quotes(body, language)]


SPOKEN = {
    "en": '"The bridge stays shut until May," said Anna Berg, the mayor of Tromla.',
    "de": "„Die Brücke bleibt bis Mai gesperrt“, sagte Anna Berg am Dienstag.",
    "fr": "« Le pont restera fermé jusqu’en mai », a déclaré Anna Berg mardi.",
    "es": "«El puente seguirá cerrado hasta mayo», dijo Anna Berg el martes.",
    "it": "«Il ponte resterà chiuso fino a maggio», ha detto Anna Berg martedì.",
    "pt": "“A ponte ficará fechada até maio”, disse Anna Berg na terça-feira.",
    "nl": "“De brug blijft tot mei dicht”, zei Anna Berg dinsdag.",
    "ru": "«Мост останется закрытым до мая», — сказала Анна Берг во вторник.",
    "cs": "„Most zůstane zavřený do května,“ řekla Anna Bergová v úterý.",
}


@pytest.mark.parametrize("language", sorted(SPOKEN))
def test_a_speaker_after_the_quote_is_found_in_each_language(language: str) -> None:
    (row,) = quotes(SPOKEN[language], language)
    assert row["kind"] == "sentence"
    assert row["speaker"] in {"Anna Berg", "Анна Берг", "Anna Bergová"}
    assert row["cue"] is not None


@pytest.mark.parametrize(
    "said",
    ["сказал Иван Берг", "заявил Иван Берг", "сообщила Анна Берг", "напомнил Иван Берг"],
)
def test_every_stem_of_a_verb_takes_every_ending(said: str) -> None:
    (row,) = quotes(f"«Мост останется закрытым до мая», — {said} во вторник.", "ru")
    assert row["cue"] == said.split()[0]
    assert row["speaker"] == said.partition(" ")[2]


@pytest.mark.parametrize(
    "body",
    [
        'Mayor Anna Berg said: "The bridge stays shut until May."',
        'Mayor Anna Berg said, "The bridge stays shut until May."',
        '"The bridge stays shut until May," Mayor Anna Berg told reporters on Tuesday.',
        '"The bridge stays shut until May," according to Mayor Anna Berg.',
        '"The bridge," said Mayor Anna Berg, "stays shut until May."',
        'Anna Berg, the mayor of Tromla, said: "The bridge stays shut until May."',
        'In a statement on Friday, Tromla mayor Anna Berg wrote: "The bridge stays shut."',
        'The plan has failed, Anna Berg argued, saying "the bridge stays shut until May."',
    ],
)
def test_the_speaker_is_found_before_inside_and_after(body: str) -> None:
    assert set(speakers(body)) == {"Anna Berg"}


def test_a_quote_around_its_cue_is_one_quote_in_two_parts() -> None:
    body = '"The bridge stays shut," Anna Berg said. "We open it in May."'
    (row,) = quotes(body)
    parts = [body[span["start"] : span["end"]] for span in row["spans"]]
    assert parts == ['"The bridge stays shut,"', '"We open it in May."']
    assert row["text"] == "The bridge stays shut, We open it in May."


def test_a_quote_over_paragraphs_keeps_its_speaker() -> None:
    body = '"The bridge stays shut," said Anna Berg.\n\n"We hope to open it again in May."'
    assert [(row["kind"], row["speaker"]) for row in quotes(body)] == [
        ("sentence", "Anna Berg"),
        ("continued", "Anna Berg"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "The film “The Last Ferry” opens on Friday.",
        "The so-called “smart bridge” has been shut since March.",
        "He writes for the magazine “Harbour Weekly”.",
    ],
)
def test_titles_and_scare_quotes_are_no_quotes(body: str) -> None:
    assert quotes(body) == []


def test_a_fragment_has_its_speaker() -> None:
    (row,) = quotes('Anna Berg called the claims "completely unfounded and false".')
    assert (row["kind"], row["speaker"], row["cue"]) == ("fragment", "Anna Berg", "called")


def test_a_verb_without_subject_goes_on_with_the_speaker() -> None:
    body = "«El puente sigue cerrado», dijo Anna Berg.\n\n«Se abrirá en mayo», añadió."
    assert speakers(body, "es") == ["Anna Berg", "Anna Berg"]


def test_a_source_may_have_a_verb_of_its_own() -> None:
    assert speakers("El puente, según dijo Anna Berg, «sigue muy dañado».", "es") == ["Anna Berg"]


def test_for_somebody_is_no_source() -> None:
    body = "Es un puente para la ciudad: «El puente sigue cerrado», dijo Anna Berg."
    assert speakers(body, "es") == ["Anna Berg"]


def test_a_pronoun_is_resolved_where_one_person_is_possible() -> None:
    body = 'Anna Berg visited the bridge on Friday.\n\n"It stays shut until May," she said.'
    (row,) = quotes(body)
    assert (row["speaker"], row["speaker_is"]) == ("Anna Berg", "pronoun")


def test_a_pronoun_that_may_mean_two_people_stays_unresolved() -> None:
    body = 'Anna Berg met Paula Lind on Friday.\n\n"It stays shut until May," she said.'
    (row,) = quotes(body)
    assert (row["speaker"], row["speaker_is"]) == (None, "pronoun")
    assert body[row["speaker_start"] : row["speaker_end"]] == "she"


def test_a_given_name_tells_who_he_or_she_is() -> None:
    met = "Anna Berg met Peter Lind on Friday."
    assert speakers(f'{met}\n\n"It stays shut until May," she said.') == ["Anna Berg"]
    assert speakers(f'{met}\n\n"It stays shut until May," he said.') == ["Peter Lind"]


@pytest.mark.parametrize("pronoun", ["they", "we", "I", "it"])
def test_only_he_and_she_are_resolved(pronoun: str) -> None:
    assert speakers(f'Anna Berg came.\n\n"It stays shut until May," {pronoun} said.') == [None]


def test_a_place_is_not_who_she_is() -> None:
    body = 'It rained over San Francisco on Friday.\n\n"It stays shut until May," she said.'
    assert speakers(body) == [None]


def test_a_surname_gets_the_full_name_of_the_story() -> None:
    body = 'Anna Berg visited the bridge.\n\n"It stays shut until May," Berg said.'
    assert speakers(body) == ["Anna Berg"]


def test_words_that_name_nobody_are_the_speaker() -> None:
    assert speakers('"It stays shut until May," the ministry said.') == ["the ministry"]


def test_the_same_words_have_one_hash_whatever_the_marks() -> None:
    first = quotes('"The bridge stays shut," said Anna Berg.')
    second = quotes("“The  bridge stays SHUT,” Anna Berg said.")
    assert first[0]["text_hash"] == second[0]["text_hash"]


@pytest.mark.parametrize("language", ["zz", "und", "", "../en", None])
def test_a_language_without_a_table_has_no_rows(language: str | None) -> None:
    columns = {"story_id": ["s"], "body": ["“Yes,” he said."], "language": [language]}
    assert quote_stories(pa.table(columns)).num_rows == 0


def test_no_story_gives_an_empty_table_of_the_schema() -> None:
    types = {"story_id": pa.string(), "body": pa.string(), "language": pa.string()}
    assert quote_stories(pa.table({k: pa.array([], t) for k, t in types.items()})).schema == (
        QUOTES.schema()
    )


WORDS = st.sampled_from(
    ["said", "“", "”", '"', "'", "Anna", "Berg", ",", ".", ":", "\n\n", "he", "the", "who", "("]
)


@given(st.lists(WORDS, max_size=80), st.sampled_from(["en", "de", "fr", "ru"]))
def test_any_text_gives_rows_with_spans_in_the_body(words: list[str], language: str) -> None:
    body = " ".join(words)
    for row in quotes(body, language):
        assert 0 <= row["start"] < row["end"] <= len(body)
        assert row["speaker_start"] is None or row["speaker_start"] < row["speaker_end"]
        assert row["cue"] is None or row["cue"] == body[row["cue_start"] : row["cue_end"]]


@pytest.mark.parametrize(
    "unit",
    ['"Yes," he said. ', '"', "said ", "Anna Berg ", '"Yes" ', "Anna, ", '"a" said, ', "(", "of "],
)
def test_a_long_body_without_structure_takes_linear_time(unit: str) -> None:
    quotes(unit * (300_000 // len(unit)))
