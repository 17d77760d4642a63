"""Languages identified in bulk equal py3langid's answer for each story."""

import polars as pl
import py3langid
import pytest

from include.splitter.stories.language import MORE_CHARS, name_languages

TEXTS = {
    "en": "The council voted on Tuesday to keep the night ferry, which has run since the war. ",
    "de": "Der Rat beschloss am Dienstag, die Nachtfähre zu erhalten, die seit dem Krieg fährt. ",
    "fr": "Le conseil a décidé mardi de garder le bac de nuit, qui circule depuis la guerre. ",
    "el": "Το συμβούλιο αποφάσισε την Τρίτη να διατηρήσει το νυχτερινό πλοίο της πόλης. ",
    "ru": "Совет решил во вторник сохранить ночной паром, который ходит со времён войны. ",
    "ja": "市議会は火曜日、戦後から運航している夜間フェリーを存続させることを決めた。",
    "ar": "قرر المجلس يوم الثلاثاء الإبقاء على العبّارة الليلية التي تعمل منذ الحرب. ",
}


@pytest.mark.parametrize("times", [1, 8])
def test_the_answer_is_that_of_py3langid(times):
    texts = [text * times for text in TEXTS.values()]

    names = name_languages(pl.Series(texts))

    assert names == [py3langid.classify(text[:MORE_CHARS])[0] for text in texts]
    assert names == list(TEXTS)


def test_capitals_and_decomposed_letters_are_read_like_any_other():
    texts = [TEXTS["en"].upper(), TEXTS["de"].replace("ä", "a\N{COMBINING DIAERESIS}")]

    assert name_languages(pl.Series(texts)) == ["en", "de"]


def test_a_few_characters_have_no_language():
    assert name_languages(pl.Series(["Der Hafen", ""])) == ["und", "und"]


def test_no_text_gives_no_name():
    assert name_languages(pl.Series([], dtype=pl.String)) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Gradonačelnik je u siječnju rekao što će se graditi, ali tisuću ljudi nije to čulo.",
            "hr",
        ),
        ("Saopćeno je u januaru šta će se graditi, ali hiljadu ljudi u općini to nije čulo.", "bs"),
        (
            "Načelnik je rekao da će se most graditi, ali ljudi na obali to nisu čuli jer je kiša.",
            "hr",
        ),
    ],
)
def test_bosnian_is_named_by_the_words_that_croatian_does_not_share(
    text: str, language: str
) -> None:
    assert name_languages(pl.Series([text])) == [language]
