"""Dates, periods and durations in text: which words, and which days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.analysis.dates.find import find_dates
from include.analysis.dates.grammar import FOLDER, read_grammar
from include.analysis.dates.periods import days_of
from include.analysis.dates.resolve import RESOLVERS

WEDNESDAY = date(2026, 3, 4)
LANGUAGES = sorted({path.stem for path in FOLDER.glob("*.toml")} - {"digits"})


def found(text: str, language: str = "en", anchor: date | None = WEDNESDAY) -> dict[str, str]:
    mentions = find_dates(text, language, anchor)
    return {text[m.start : m.end]: m.meaning.value or "" for m in mentions}


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It opened on March 5, 2019.", "March 5, 2019", "2019-03-05"),
        ("It opened on Thursday, 5 March 2019.", "Thursday, 5 March 2019", "2019-03-05"),
        ("It opened in March 2019.", "March 2019", "2019-03"),
        ("It opened in 1987.", "1987", "1987"),
        ("It opened in the 1980s.", "the 1980s", "198"),
        ("A 19th-century mill.", "19th-century", "18"),
        ("It opened on Jan. 7.", "Jan. 7", "2026-01-07"),
        ("It opened on Dec. 30.", "Dec. 30", "2025-12-30"),
        ("It will open on May 2.", "May 2", "2026-05-02"),
        ("They said so on Monday.", "Monday", "2026-03-02"),
        ("They will meet on Monday.", "Monday", "2026-03-09"),
        ("They met last Wednesday.", "last Wednesday", "2026-02-25"),
        ("They meet next Wednesday.", "next Wednesday", "2026-03-11"),
        ("It burned on Friday night.", "Friday night", "2026-02-27TNI"),
        ("It closed yesterday.", "yesterday", "2026-03-03"),
        ("It closes tomorrow.", "tomorrow", "2026-03-05"),
        ("It closed three weeks ago.", "three weeks ago", "2026-W07"),
        ("It closed 10 years ago.", "10 years ago", "2016"),
        ("It fell last year.", "last year", "2025"),
        ("It fell in past years.", "past years", "2025"),
        ("It fell early this past week.", "early this past week", "2026-W09"),
        ("It fell in the third quarter of 2024.", "the third quarter of 2024", "2024-Q3"),
        ("It fell last winter.", "last winter", "2025-WI"),
        ("It rained for two days.", "two days", "P2D"),
        ("It rained for years.", "years", "PXY"),
        ("It rains every day.", "every day", "P1D"),
        ("Open at 5 p.m. on 2 March 2026.", "5 p.m. on 2 March 2026", "2026-03-02T17:00"),
        ("Dated 2026-02-28.", "2026-02-28", "2026-02-28"),
        ("Dated 28/02/2026.", "28/02/2026", "2026-02-28"),
    ],
)
def test_english_expressions_are_resolved(text, words, value):
    assert found(text)[words] == value


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("Am 5. März 2019 war es so weit.", "5. März 2019", "2019-03-05"),
        ("Am 5.3.2019 war es so weit.", "5.3.2019", "2019-03-05"),
        ("Am Montag wurde gewählt.", "Montag", "2026-03-02"),
        ("Am Montag wird gewählt.", "Montag", "2026-03-09"),
        ("Gestern wurde gewählt.", "Gestern", "2026-03-03"),
        ("Er kommt morgen.", "morgen", "2026-03-05"),
        ("Am Dienstagabend brannte es.", "Dienstagabend", "2026-03-03TEV"),
        ("Ende Januar wurde gewählt.", "Ende Januar", "2026-01"),
        ("Sie wurde im vergangenen Jahr gewählt.", "vergangenen Jahr", "2025"),
        ("Sie wurde im Herbst 2024 gewählt.", "Herbst 2024", "2024-FA"),
        ("Sie wurde vor drei Jahren gewählt.", "vor drei Jahren", "2023"),
        ("Im Jahr 2012 war das anders.", "Jahr 2012", "2012"),
        ("Das war im 19. Jahrhundert.", "19. Jahrhundert", "18"),
        ("Es regnete zwei Tage.", "zwei Tage", "P2D"),
        ("Es regnet jeden Montag.", "jeden Montag", "XXXX-WXX-1"),
    ],
)
def test_german_expressions_are_resolved(text, words, value):
    assert found(text, "de")[words] == value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("fr", "Le port a ouvert le 5 mars 2019.", "2019-03-05"),
        ("es", "El puerto abrió el 5 de marzo de 2019.", "2019-03-05"),
        ("pl", "Port otwarto 5 marca 2019 r.", "2019-03-05"),
        ("ru", "Порт открыли 5 марта 2019 года.", "2019-03-05"),
        ("el", "Άνοιξε στις 5 Μαρτίου 2019.", "2019-03-05"),
        ("fi", "Se avattiin 5. maaliskuuta 2019.", "2019-03-05"),
        ("fr", "Le port ouvre le 12 mars.", "2026-03-12"),
        ("it", "Fu aperto nel marzo 2019.", "2019-03"),
        ("ja", "2019年3月5日に開港した。", "2019-03-05"),
        ("vi", "Cảng mở cửa ngày 5 tháng 3 năm 2019.", "2019-03-05"),
        ("ar", "افتتح الميناء في ٥ مارس ٢٠١٩.", "2019-03-05"),
        ("und", "5 March 2019", "2019-03-05"),
    ],
)
def test_other_languages_have_dates_with_a_month(language, text, value):
    assert list(found(text, language).values()) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "You may march to the sun.", "She is 39 years old.", "It costs $1990.",
        "1,990 people came.",
        "April Jones spoke, and so did Sun Microsystems.", "May I ask?",
        "On 31/31/2026 or 02/03/2026.",
        "A second group came.", "Three-quarters of them left.",
    ],
)  # fmt: skip
def test_other_words_are_no_dates(text):
    assert {v for v in found(text).values() if not v.endswith("_REF")} <= {"2026-04"}


def test_without_the_storys_date_relative_words_stay_as_written():
    text = "On Friday, on 3 May and on 4 June 2026."
    mentions = find_dates(text, "en", None)

    assert [(m.meaning.value, m.meaning.resolved_from) for m in mentions] == [
        (None, "unresolved"),
        ("XXXX-05-03", "unresolved"),
        ("2026-06-04", "text"),
    ]


def test_a_year_earlier_is_the_quarter_that_was_named():
    text = "Profit fell in the third quarter of 2025. A year earlier it had doubled."
    assert found(text)["A year earlier"] == "2024-Q3"


def test_a_sentence_does_not_end_at_an_abbreviation():
    text = "It sank on Sept. 30. Mr. Li of the U.S. said so on Oct. 2, in Rome. Nobody knew."
    sentences = [text[slice(*m.sentence)] for m in find_dates(text, "en", WEDNESDAY)]
    assert sentences == [
        "It sank on Sept. 30.",
        "Mr. Li of the U.S. said so on Oct. 2, in Rome.",
    ]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W10-WE", "2026-03-07", "2026-03-08"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2025-WI", "2025-12-01", "2026-02-28"),
        ("2026-03-04T15:00", "2026-03-04", "2026-03-04"),
        ("199", "1990-01-01", "1999-12-31"),
        ("18", "1800-01-01", "1899-12-31"),
    ],
)
def test_a_period_has_its_days(value, first, last):
    assert days_of(value) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026-13", "XXXX-05-03", "P2D", "2026-W54", "", "0"]
)
def test_what_is_no_period_has_no_days(value):
    assert days_of(value) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_names_a_resolver(language):
    assert {rule.gives for rule in read_grammar(language).rules} <= set(RESOLVERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_table_are_all_numbers_or_all_names(language):
    for words in read_grammar(language).meanings.values():
        assert len({isinstance(value, str) for value in words.values()}) <= 1


PIECES = st.sampled_from(
    ["last", "past", "next", "the", "31", "30.", "Feb.", "February", "Februar", "1999", "00", "29",
     "2026", "99999", "Friday", "Freitag", "vor", "zwei", "ago", "years", "Jahren", "century",
     "quarter", "third", "5", "p.m.", "24", "Uhr", "-", ".", "/", ",",
     "MİN", "ß", "年", "月", "日", "'", "«"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=30).map(" ".join)


@given(TEXTS, st.sampled_from([*LANGUAGES, "ru", "th", "", "../en"]), st.dates() | st.none())
def test_any_text_gives_mentions_in_order(text, language, anchor):
    end = 0
    for mention in find_dates(text, language, anchor):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.sentence[0] <= mention.start
        assert mention.end <= mention.sentence[1]
        end = mention.end
