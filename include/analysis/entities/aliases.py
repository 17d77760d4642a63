"""
Join the mentions of one entity inside a story: «Aliyev» after «Ilham Aliyev», «IRGC» in brackets.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from include.analysis.entities.gazetteer import (
    COUNTRY,
    STATE,
    Gazetteer,
    Place,
    fold,
    read_demonyms,
)

PERSON, ORGANISATION, PLACE = "person", "organisation", "place"
NAMES = {"PER": PERSON, "ORG": ORGANISATION, "LOC": PLACE}
AGREE = 2 / 3  # share of a name's mentions whose kind the others then take
LINKS = frozenset(("of", "the", "and", "for", "de", "del", "la", "di", "della", "&", "on", "in"))
ARTICLES = ("the ", "la ", "il ", "le ", "el ", "lo ")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a body. full: the fullest name of the same entity. place: of the gazetteer."""

    start: int
    end: int
    text: str
    kind: str
    full: str = ""
    place: Place | None = None


def join_aliases(mentions: Sequence[Mention], body: str, gazetteer: Gazetteer) -> list[Mention]:
    """
    Give each mention its kind, full name and place.

    If most mentions of a name have one kind, all of them get it. A part of a name refers to the
    person whose full name is in the story, unless two people share it. Words for people of a
    country (Iranian) are not names, but they count as naming the country.
    """
    demonyms = read_demonyms()
    peoples = frozenset(d for m in mentions if (d := demonyms.get(m.text.lower().rstrip("s"))))
    agreed = _agree([m for m in mentions if m.text.lower().rstrip("s") not in demonyms])
    surnames = _surnames(agreed)
    settled = [_as_person(mention, surnames, gazetteer) for mention in agreed]
    acronyms = _acronyms(settled, body)
    countries, regions = _named_areas(settled, gazetteer)
    return [
        _name(mention, acronyms, gazetteer, countries | peoples, regions) for mention in settled
    ]


def _named_areas(
    mentions: Iterable[Mention], gazetteer: Gazetteer
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the countries and American states that a story names."""
    likeliest = [p for m in mentions if m.kind == PLACE for p in gazetteer.find(m.text)[:1]]
    countries = frozenset(place.country for place in likeliest if place.kind == COUNTRY)
    return countries, frozenset(place.region for place in likeliest if place.kind == STATE)


def _agree(mentions: Sequence[Mention]) -> list[Mention]:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        votes[mention.text][mention.kind] += 1
    kinds = {}
    for text, counts in votes.items():
        kind, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
        if count >= AGREE * counts.total():
            kinds[text] = kind
    return [replace(m, kind=kinds.get(m.text, m.kind)) for m in mentions]


def _surnames(mentions: Iterable[Mention]) -> dict[str, str]:
    """Give the full name of each last or first word that one person's name in the story has."""
    full: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        words = mention.text.split()
        if mention.kind == PERSON and len(words) > 1:
            full[fold(words[-1])].add(mention.text)
            full[fold(words[0])].add(mention.text)
    return {
        word: max(names, key=lambda name: (len(name.split()), name))
        for word, names in full.items()
        if len({fold(name.split()[0])[:1] for name in names}) == 1
        and len({fold(name.split()[-1]) for name in names}) == 1
    }


def _as_person(mention: Mention, surnames: dict[str, str], gazetteer: Gazetteer) -> Mention:
    words = mention.text.split()
    full = surnames.get(fold(words[-1]))
    if full is None or (len(words) > 1 and mention.kind != PERSON):
        return mention
    if mention.kind == PERSON or (len(words) == 1 and not gazetteer.find(mention.text)):
        return replace(mention, kind=PERSON, full=full)
    return mention


def _acronyms(mentions: Sequence[Mention], body: str) -> dict[str, str]:
    """Give the organisation of each acronym: by its letters, or by «NAME (ACRONYM)»."""
    by_initials: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        words = [word for word in mention.text.split() if word.lower() not in LINKS]
        if mention.kind == ORGANISATION and len(words) > 1:
            by_initials["".join(word[0] for word in words).upper()].add(mention.text)
    pairs = {
        second.text: first.text
        for first, second in pairwise(mentions)
        if body[first.end : second.start] == " (" and body[second.end : second.end + 1] == ")"
        and second.text.isupper() and first.kind == second.kind == ORGANISATION
    }  # fmt: skip
    return {letters: n.pop() for letters, n in by_initials.items() if len(n) == 1} | pairs


def _name(
    mention: Mention,
    acronyms: dict[str, str],
    gazetteer: Gazetteer,
    countries: frozenset[str],
    regions: frozenset[str],
) -> Mention:
    text = " ".join(mention.text.split())
    if mention.kind == PLACE:
        bare = next((text[len(a) :] for a in ARTICLES if text.lower().startswith(a)), text)
        places = (gazetteer.resolve(name, countries, regions) for name in (text, bare))
        place = next(filter(None, places), None)
        return replace(mention, full=place.name if place else text, place=place)
    if mention.kind == ORGANISATION:
        return replace(mention, full=acronyms.get(text.replace(".", ""), text))
    return replace(mention, full=mention.full or text)


def key_of(mention: Mention) -> str:
    """Give the key of an entity: its place in GeoNames, else its kind and folded name."""
    if mention.place is not None and mention.place.geonameid:
        return f"geonames {mention.place.geonameid}"
    name = fold(mention.full)
    bare = next((name[len(a) :] for a in ARTICLES if name.startswith(a)), name)
    return f"{mention.kind} {bare}"
