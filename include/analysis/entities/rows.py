"""
Build the tables of entities of a frame of stories.
"""

import hashlib
import re
from collections import defaultdict
from typing import Any, NamedTuple

import pyarrow as pa

from include.analysis.entities.aliases import NAMES, PERSON, Mention, join_aliases, key_of
from include.analysis.entities.gazetteer import Gazetteer, fold, read_gazetteer
from include.analysis.entities.tagger import (
    OUTSIDE,
    Weights,
    find_spans,
    read_weights,
    tag_sentences,
)
from include.analysis.entities.tokens import Token, cut_sentences
from include.analysis.quotes.language import Language, read_language
from include.schema.entities import ENTITY_MENTIONS, STORY_ENTITIES

ENTITIES_VERSION = "2"  # changes with the rows of any story
# Learnt: en. Scored: en, it. The others share the script and its capitals, but were not scored.
# German is left out: all its nouns have a capital. So are scripts without capitals.
LANGUAGES = ("en", "it", "fr", "es", "pt", "nl")
SHARE, HEADLINE, EARLY = 0.5, 0.3, 0.2  # parts of salience: mentions, headline, position
MOST_CHARS = 1_000_000  # read per body; no story is longer, and more would take seconds
SPACE = re.compile(r"\s+")


class Entities(NamedTuple):
    """What the stories mention: `ENTITY_MENTIONS` and `STORY_ENTITIES`."""

    mentions: pa.Table
    story_entities: pa.Table


def find_entities(stories: pa.Table) -> Entities:
    """
    Find the people, organisations and places of stories.

    Args:
        stories: `story_id`, `headline` (may be null), `body` and `language`.
    Returns:
        Mentions and the entities of each story, in the order of the stories. Stories in languages
        not in LANGUAGES have none.
    """
    mention_rows: list[dict[str, Any]] = []
    entity_rows: list[dict[str, Any]] = []
    names = ("story_id", "headline", "body", "language")
    for story in stories.select(list(names)).to_pylist():
        words = read_language(story["language"]) if story["language"] in LANGUAGES else None
        if words is None or not story["body"]:
            continue
        mentions = find_mentions(story["body"], words, read_gazetteer())
        mention_rows += _mention_rows(story["story_id"], mentions)
        entity_rows += _story_rows(story, mentions)
    return Entities(
        pa.Table.from_pylist(mention_rows, ENTITY_MENTIONS.schema()),
        pa.Table.from_pylist(entity_rows, STORY_ENTITIES.schema()),
    )


def find_mentions(
    body: str, words: Language, gazetteer: Gazetteer, weights: Weights | None = None
) -> list[Mention]:
    """Find a body's names, with kind, full name and place. weights: instead of the file's."""
    sentences = cut_sentences(body[:MOST_CHARS])
    tagged = tag_sentences(sentences, words, gazetteer, weights or read_weights())
    mentions = []
    for sentence, tags in zip(sentences, tagged, strict=True):
        for first, last, kind in find_spans(tags):
            if kind in NAMES:
                start, end = sentence[first].start, sentence[last - 1].end
                mentions.append(Mention(start, end, body[start:end], NAMES[kind]))
    mentions += _untagged_surnames(sentences, tagged, mentions)
    return join_aliases(sorted(mentions, key=lambda mention: mention.start), body, gazetteer)


def _untagged_surnames(
    sentences: list[list[Token]], tagged: list[list[str]], mentions: list[Mention]
) -> list[Mention]:
    """Find the last words of people's names where the tagger left them out."""
    names = (m.text.split() for m in mentions if m.kind == PERSON)
    surnames = {words[-1] for words in names if len(words) > 1 and words[-1][0].isupper()}
    return [
        Mention(token.start, token.end, token.text, PERSON)
        for sentence, tags in zip(sentences, tagged, strict=True)
        for token, tag in zip(sentence, tags, strict=True)
        if tag == OUTSIDE and token.text in surnames
    ]


def _mention_rows(story_id: str, mentions: list[Mention]) -> list[dict[str, Any]]:
    return [
        {
            "story_id": story_id,
            "mention_no": number,
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "kind": mention.kind,
            "entity_id": id_of(key_of(mention)),
            "name": mention.full,
        }
        for number, mention in enumerate(mentions, 1)
    ]


def _story_rows(story: dict[str, Any], mentions: list[Mention]) -> list[dict[str, Any]]:
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[key_of(mention)].append(mention)
    most = max((len(group) for group in groups.values()), default=1)
    headline = f" {_plain(story['headline'] or '')} "
    rows = []
    for key, group in groups.items():
        aliases = list(dict.fromkeys(SPACE.sub(" ", mention.text) for mention in group))
        in_headline = any(f" {_plain(name)} " in headline for name in [*aliases, group[0].full])
        early = 1 - group[0].start / max(len(story["body"]), 1)
        salience = SHARE * len(group) / most + HEADLINE * in_headline + EARLY * early
        rows.append(
            {
                "story_id": story["story_id"],
                "entity_id": id_of(key),
                "name": group[0].full,
                "kind": group[0].kind,
                "aliases": aliases,
                "mentions": len(group),
                "first_start": group[0].start,
                "in_headline": in_headline,
                "salience": round(salience, 3),
                **_locate(group[0]),
            }
        )
    return rows


def _locate(mention: Mention) -> dict[str, Any]:
    place = mention.place
    if place is None:
        return {}
    return {
        "country": place.country,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geonameid": place.geonameid,
    }


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def id_of(key: str) -> str:
    """Give the id of an entity by its key."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
