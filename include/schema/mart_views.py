"""
The marts of analysis as the warehouse shows them, and the progress of each.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.analysis import (
    ANALYSES,
    DATE_MENTIONS,
    ENTITY_MENTIONS,
    QUOTES,
    SIGNATURES,
    STORY_DATES,
    STORY_ENTITIES,
    STORY_OUTLETS,
    STORY_TERMS,
)
from include.schema.column import STAMP, WORDS, Column, Table, mirror, pick
from include.schema.dates import TIMELINES
from include.schema.entities import ENTITIES
from include.schema.event_views import EVENT_MARTS
from include.schema.lake import STORIES
from include.schema.outlets import SILENT_OUTLETS
from include.schema.overviews import OVERVIEWS

META_ANALYSES = mirror(
    "meta.analyses",
    "one analysis whose rows count: of the mart's current analyzer",
    ANALYSES,
)
FRESHNESS = Table(
    "meta.freshness",
    "one mart of analysis, and the version of the lake that it shows",
    (
        *pick(ANALYSES, "mart", "analyzer_version", "lake_version"),
        Column("newest_version", pa.int64(), "version of the lake that this warehouse shows"),
        Column("versions_behind", pa.int64(), "runs that landed since; 0: the mart is up to date"),
        Column(
            "stories",
            pa.int64(),
            "stories (of text_pairs: texts) analysed so far, also those "
            "replaced since; of event_members: stories that the last analysis grouped",
        ),
        Column("failed_stories", pa.int64(), "of these, stories that the analyzer failed on"),
        *pick(ANALYSES, "made_at"),
    ),
    partition=None,
)
MART_VIEWS = tuple(
    mirror(f"marts.{kind.name}", f"{kind.grain}; current ones", kind)
    for kind in (
        SIGNATURES,
        QUOTES,
        ENTITY_MENTIONS,
        STORY_ENTITIES,
        STORY_OUTLETS,
        STORY_DATES,
        DATE_MENTIONS,
        STORY_TERMS,
    )
)

CLUSTER_ID = Column(
    "cluster_id", pa.string(), "the cluster: the smallest text_id in it, so it can change"
)
FIRST = Column("first_story_id", pa.string(), "the first, by publication, then by ingestion")
DUPLICATE_PAIRS = Table(
    "marts.duplicate_pairs",
    "two different texts, each by its first story, of which one copies the other; or one later "
    "story with exactly the words of an earlier one",
    (
        Column("first_story_id", pa.string(), "the story that came first"),
        Column("later_story_id", pa.string(), "the other"),
        Column("kind", pa.string(), "exact, near (changed) or contained (one in the other)"),
        Column("copied_share", pa.float64(), "share of the later story's words that the first has"),
        Column("kept_share", pa.float64(), "share of the first story's words that the later has"),
        Column("similarity", pa.float64(), "share of runs of three words in common, 0 to 1"),
    ),
    partition=None,
)
DUPLICATE_STORIES = Table(
    "marts.duplicate_stories",
    "one story that copies another, or that another copies",
    (
        CLUSTER_ID,
        Column("is_first", pa.bool_(), "whether it is the first of its cluster"),
        FIRST,
        *pick(STORIES, "story_id", "page_id", "headline"),
        Column("outlet", pa.string(), "name in story_outlets, else as the story has it", True),
        *pick(STORIES, "agencies", "published_at", "ingested_at"),
        *pick(SIGNATURES, "text_id", "text_words"),
        Column(
            "copied_share", pa.float64(),
            "largest share of its words that another text has; null for the first",
            True,
        ),
        Column(
            "relation", pa.string(),
            "first, exact (the words of the first), copied (80 % of its words are another's) or "
            "adapted",
        ),
        Column("has_first_headline", pa.bool_(), "whether its headline is that of the first"),
        Column("paragraphs_kept", pa.int32(), "paragraphs that the first has word for word"),
        Column("paragraphs_added", pa.int32(), "paragraphs that the first does not have"),
        Column("paragraphs_dropped", pa.int32(), "paragraphs of the first that it does not have"),
    ),
    partition=None,
)  # fmt: skip
DUPLICATE_CLUSTERS = Table(
    "marts.duplicate_clusters",
    "one group of stories that copy one another",
    (
        CLUSTER_ID,
        FIRST,
        Column("first_headline", pa.string(), "headline of the first", True),
        Column("first_outlet", pa.string(), "outlet of the first", True),
        Column("first_seen_at", STAMP, "its publication, else its ingestion (UTC)"),
        Column("last_seen_at", STAMP, "that of the last (UTC)"),
        Column("stories", pa.int64(), "stories in the cluster"),
        Column("texts", pa.int64(), "different texts among them"),
        Column("outlets", pa.int64(), "different outlets of those that have one"),
        Column("outlet_names", WORDS, "names of these outlets", True),
        Column("agencies", WORDS, "agencies that any of the stories credits"),
        Column("exact_copies", pa.int64(), "stories with exactly the words of the first"),
        Column("copied", pa.int64(), "stories with at least 80 % of their words from another"),
        Column("adapted", pa.int64(), "stories that changed or added more than that"),
        Column("mean_copied_share", pa.float64(), "mean of copied_share, 0 to 1", True),
    ),
    partition=None,
)
DUPLICATE_MARTS = (DUPLICATE_STORIES, DUPLICATE_CLUSTERS, DUPLICATE_PAIRS)
QUOTE_COPIES = Table(
    "marts.quote_copies",
    "the same words of five or more, quoted by two or more stories",
    (
        *pick(QUOTES, "text_hash"),
        Column("text", pa.string(), "the words, as the first story has them"),
        Column("words", pa.int32(), "number of words"),
        Column("speaker", pa.string(), "who said it, in the first story that says so", True),
        Column("speakers", WORDS, "all names of speakers; two may be one person", True),
        FIRST,
        Column("first_outlet", pa.string(), "outlet of the first", True),
        Column("first_seen_at", STAMP, "its publication, else its ingestion (UTC)"),
        Column("stories", pa.int64(), "stories that quote them"),
        Column("outlets", pa.int64(), "different outlets of those that have one"),
    ),
    partition=None,
)  # fmt: skip
JOINED_MARTS = (ENTITIES, QUOTE_COPIES)
JOINED_VIEWS = (TIMELINES, SILENT_OUTLETS, *OVERVIEWS)
ANALYSIS_VIEWS = (
    *MART_VIEWS,
    *DUPLICATE_MARTS,
    *JOINED_MARTS,
    *JOINED_VIEWS,
    *EVENT_MARTS,
    META_ANALYSES,
    FRESHNESS,
)
