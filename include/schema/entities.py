"""
The tables of entities: the people, organisations and places of the stories.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import WORDS, Column, Table

ENTITY_ID = Column(
    "entity_id", pa.string(), "24 hex digits: hash of kind and name, or of the place"
)
NAME = Column("name", pa.string(), "its fullest name in the story; of a place, in the gazetteer")
KIND = Column("kind", pa.string(), "person, organisation or place")
PLACE = (
    Column("country", pa.string(), "ISO 3166-1 code of a place; null if unknown", True),
    Column("latitude", pa.float64(), "of a place (degrees north); null if unknown", True),
    Column("longitude", pa.float64(), "of a place (degrees east); null if unknown", True),
    Column("geonameid", pa.int64(), "id of a place in GeoNames; null if unknown", True),
)

ENTITY_MENTIONS = Table(
    "entity_mentions",
    "one mention of an entity in the body of a story",
    (
        Column("story_id", pa.string(), "the story"),
        Column("mention_no", pa.int32(), "position among the mentions of the story, from 1"),
        Column("start", pa.int32(), "first character in the body"),
        Column("end", pa.int32(), "one past the last character in the body"),
        Column("text", pa.string(), "the name as the body has it"),
        KIND,
        ENTITY_ID,
        NAME,
    ),
    partition=None,
)
STORY_ENTITIES = Table(
    "story_entities",
    "one entity of one story",
    (
        Column("story_id", pa.string(), "the story"),
        ENTITY_ID,
        NAME,
        KIND,
        Column("aliases", WORDS, "all its names in the story, in order of appearance"),
        Column("mentions", pa.int32(), "mentions in the body"),
        Column("first_start", pa.int32(), "first character of its first mention"),
        Column("in_headline", pa.bool_(), "the headline has one of its names"),
        Column("salience", pa.float64(), "how central it is to the story, 0 to 1"),
        *PLACE,
    ),
    partition=None,
)
ENTITIES = Table(
    "marts.entities",
    "one entity of all stories, most often mentioned first",
    (
        ENTITY_ID,
        Column("name", pa.string(), "its commonest full name"),
        KIND,
        Column("aliases", WORDS, "its names in the stories, sorted"),
        Column("stories", pa.int64(), "stories that mention it"),
        Column("mentions", pa.int64(), "mentions in all bodies"),
        *PLACE,
    ),
    partition=None,
)
