"""
The tables of events: the words by which stories are compared, and which stories report one event.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import STAMP, WORDS, Column, Table

STORY_TERMS = Table(
    "story_terms",
    "one story: the words by which it is compared with others",
    (
        Column("story_id", pa.string(), "the story"),
        Column(
            "vector_id", pa.string(),
            "24 hex digits: hash of terms, weights and times; equal for exact copies of one time",
        ),
        Column("published_at", STAMP, "as in the story (UTC); null if unknown", True),
        Column("ingested_at", STAMP, "as in the story (UTC)"),
        Column(
            "terms", WORDS,
            "its words, the most distinctive first; empty without a table of frequencies of its "
            "language",
        ),
        Column(
            "weights", pa.list_(pa.int32()),
            "weight of each term, times 10,000; their squares add up to 1",
        ),
    ),
    partition=None,
)  # fmt: skip
EVENT_ID = Column("event_id", pa.string(), "the event: the story_id of its first story")
EVENT_MEMBERS = Table(
    "event_members",
    "one story of an event; events have two stories or more",
    (
        Column("story_id", pa.string(), "the story"),
        EVENT_ID,
        Column("leader_id", pa.string(), "the first story of its copies; itself if it has none"),
        Column(
            "similarity", pa.float64(),
            "mean similarity to the other texts of the event; 1 if all are copies of one text",
        ),
    ),
    partition=None,
)  # fmt: skip
EVENT_CHANGES = Table(
    "event_changes",
    "one event of an earlier analysis whose stories are in another event after the next",
    (
        Column("event_id", pa.string(), "the event as it was"),
        Column("became_event_id", pa.string(), "an event that has stories of it now"),
        Column(
            "kind", pa.string(),
            "renamed (all its stories, and no other event: an earlier story was added or its first "
            "one left), merged (with another event) or split (into several)",
        ),
        Column("stories", pa.int64(), "stories of the event as it was"),
        Column("moved", pa.int64(), "of these, stories that the other event has now"),
        Column("analysis_id", pa.string(), "analysis of event_members that changed it"),
    ),
    partition=None,
)  # fmt: skip
