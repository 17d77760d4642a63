"""
The quality desk's half of the warehouse: what each view of schema `quality` holds.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from include.schema.column import DAY, RUN, STAMP, Column, Table, pick, take_over
from include.schema.lake import (
    GATE_OPENINGS,
    OVERRIDES,
    PAGE_FLAGS,
    QUALITY_RESULTS,
    QUARANTINE,
    RESPLIT_CHANGES,
    REVIEWS,
    RUN_FIGURES,
    STORIES,
)
from include.schema.revisions import RESPLITS

RESULTS = take_over("quality.results", QUALITY_RESULTS.grain, QUALITY_RESULTS)
SET_ASIDE = take_over("quality.quarantine", f"{QUARANTINE.grain}, of a standing page", QUARANTINE)
FLAGGED_PAGES = take_over("quality.page_flags", f"{PAGE_FLAGS.grain}; it stands", PAGE_FLAGS)
FIGURES = take_over("quality.figures", RUN_FIGURES.grain, RUN_FIGURES)
REVIEWED = take_over("quality.reviews", REVIEWS.grain, REVIEWS)
SET_RIGHT = take_over("quality.overrides", "one correction of a split, as it holds now", OVERRIDES)
OPENINGS = take_over("quality.gate_openings", GATE_OPENINGS.grain, GATE_OPENINGS)
RESPLIT_TOLD = take_over("quality.resplit_changes", RESPLIT_CHANGES.grain, RESPLIT_CHANGES)
RULE_TREND = Table(
    "quality.rule_trend",
    "one rule in one run",
    (
        *pick(QUALITY_RESULTS, "suite", "rule_id", "severity", "scope"),
        *RUN,
        Column("evaluated", pa.int64(), "rows looked at in the run"),
        Column("failed", pa.int64(), "rows that broke the rule"),
        Column("fail_rate", pa.float64(), "failed / evaluated, 0 to 1; null where none", True),
        Column("rate_before", pa.float64(), "the fail rate of the run before", True),
    ),
    partition=None,
)
WORST_OUTLETS = Table(
    "quality.worst_outlets",
    "one outlet (null: not named in the text), by the rules its stories break",
    (
        *pick(STORIES, "outlet"),
        Column("stories", pa.int64(), "stories that stand, quarantined ones too"),
        Column("quarantined", pa.int64(), "of them set aside"),
        Column("flagged", pa.int64(), "of them landed with at least one warning"),
        Column("quarantined_share", pa.float64(), "share set aside, 0 to 1"),
        Column("broken_share", pa.float64(), "share that breaks any rule, 0 to 1"),
        Column("mean_confidence", pa.float64(), "mean confidence of the splitter, 0 to 1"),
        Column("worst_rule", pa.string(), "the rule that most of them break", True),
        Column("worst_rule_stories", pa.int64(), "stories that break it", True),
    ),
    partition=None,
)
RULE_PAIRS = Table(
    "quality.rule_pairs",
    "two rules that break on the same story",
    (
        Column("rule_id", pa.string(), "the one, first in the alphabet"),
        Column("with_rule", pa.string(), "the other"),
        Column("stories", pa.int64(), "stories that break both"),
        Column("rule_stories", pa.int64(), "stories that break the one"),
        Column("with_rule_stories", pa.int64(), "stories that break the other"),
        Column("overlap", pa.float64(), "stories that break both, of those that break either"),
    ),
    partition=None,
)
ERROR_BUDGET = Table(
    "quality.error_budget",
    "one day on which a run landed",
    (
        replace(DAY, meaning="the day (UTC) on which runs began"),
        Column("stories", pa.int64(), "stories found that day"),
        Column("quarantined", pa.int64(), "of them set aside and not released by a person"),
        Column("stories_28d", pa.int64(), "stories found in the 28 days that end with it"),
        Column("quarantined_28d", pa.int64(), "of them set aside and not released"),
        Column("allowed_28d", pa.float64(), "of them that may be: 1 in 100, 0.41 of 41"),
        Column("left_28d", pa.float64(), "what is left of that; below 0 the budget is spent"),
        Column("used_share", pa.float64(), "share of the budget that was used; 1 is all", True),
    ),
    partition=None,
)
FRESHNESS = Table(
    "quality.freshness",
    "one outlet that texts name, by when it was heard of",
    (
        *pick(STORIES, "outlet"),
        Column("stories", pa.int64(), "stories that stand"),
        Column("days_heard", pa.int64(), "days of ingestion with at least one"),
        Column("first_day", pa.date32(), "the first of these days"),
        Column("last_day", pa.date32(), "the last of them"),
        Column("last_published_at", STAMP, "latest known publication (UTC)", True),
        Column("usual_gap_days", pa.float64(), "median days from one to the next", True),
        Column("silent_days", pa.int64(), "days from the last of them to the last run"),
        Column("is_silent", pa.bool_(), "heard on 3 days, and silent for more than 3 gaps"),
    ),
    partition=None,
)

QUALITY_VIEWS = (
    RESULTS, SET_ASIDE, RULE_TREND, WORST_OUTLETS, RULE_PAIRS, ERROR_BUDGET, FRESHNESS,
    FLAGGED_PAGES, FIGURES, OPENINGS, REVIEWED, SET_RIGHT, RESPLIT_TOLD, RESPLITS,
)  # fmt: skip
