"""
Events as the warehouse shows them: what happened, who covered it, and who was first.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.analysis import ANALYSES, EVENT_CHANGES, EVENT_MEMBERS
from include.schema.column import STAMP, WORDS, Column, Table, pick
from include.schema.lake import STORIES

OUTLET = Column(
    "outlet", pa.string(), "as in `stories`; where that is null, of `story_outlets`", True
)
RELATION = Column(
    "relation", pa.string(),
    "wire (it, or a text that it copies or that copies it, credits an agency, or its outlet is "
    "one), copy (of another story in its cluster of copies) or original",
)  # fmt: skip
HEADLINE = Column(
    "headline", pa.string(), "headline of the story that is most like the others", True
)
EVENT_STORIES = Table(
    "marts.event_stories",
    "one story of an event",
    (
        *pick(EVENT_MEMBERS, "event_id", "story_id", "page_id"),
        Column("is_first", pa.bool_(), "whether it is the first of the event"),
        *pick(STORIES, "headline"),
        OUTLET,
        *pick(STORIES, "language", "published_at", "ingested_at"),
        Column("seen_at", STAMP, "its publication, else its ingestion (UTC)"),
        *pick(EVENT_MEMBERS, "similarity"),
        RELATION,
        Column("cluster_id", pa.string(), "its cluster of copies; null if it is in none", True),
    ),
    partition=None,
)
EVENTS = Table(
    "marts.events",
    "one event that two or more stories report",
    (
        *pick(EVENT_MEMBERS, "event_id"),
        HEADLINE,
        Column("terms", WORDS, "up to eight words that distinguish it from other events"),
        Column("first_seen_at", STAMP, "publication of the first story, else ingestion (UTC)"),
        Column("last_seen_at", STAMP, "that of the last (UTC)"),
        Column("first_outlet", pa.string(), "outlet of the first story; null if unknown", True),
        Column("stories", pa.int64(), "stories of the event"),
        Column("originals", pa.int64(), "of these, stories of relation original"),
        Column("wire_stories", pa.int64(), "of these, stories of relation wire"),
        Column("wire_texts", pa.int64(), "different texts among wire_stories, changes aside"),
        Column("copies", pa.int64(), "of these, stories of relation copy"),
        Column("outlets", pa.int64(), "different outlets of those that have one"),
        Column("outlet_names", WORDS, "names of these outlets"),
        Column("languages", WORDS, "languages of the stories (ISO 639-1)"),
        Column("entities", WORDS, "up to five people and organisations, most salient first"),
        Column("places", WORDS, "up to five places, most salient first"),
    ),
    partition=None,
)
OUTLET_EVENTS = Table(
    "marts.outlet_events",
    "one outlet that covered an event; stories without an outlet are left out",
    (
        Column("outlet", pa.string(), OUTLET.meaning),
        *pick(EVENT_MEMBERS, "event_id"),
        HEADLINE,
        Column("stories", pa.int64(), "stories of the outlet about it"),
        Column("originals", pa.int64(), "of these, stories of relation original"),
        Column("first_story_id", pa.string(), "the first of these"),
        Column("first_at", STAMP, "its publication, else its ingestion (UTC)"),
        Column(
            "hours_behind", pa.float64(),
            "hours after the first story of any outlet, also of one without outlet; 0: first",
        ),
        Column(
            "relation", pa.string(),
            "original if one of these is; else wire if one of these is; else copy",
        ),
    ),
    partition=None,
)  # fmt: skip
CHANGED_EVENTS = Table(
    "marts.event_changes",
    EVENT_CHANGES.grain,
    (
        *pick(EVENT_CHANGES, "event_id", "became_event_id", "kind", "stories", "moved"),
        Column("lake_version", pa.int64(), "version of the lake that the later analysis shows"),
        *pick(ANALYSES, "made_at"),
    ),
    partition=None,
)
EVENT_MARTS = (EVENT_STORIES, EVENTS, OUTLET_EVENTS, CHANGED_EVENTS)
