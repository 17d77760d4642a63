"""
The tables and views of the warehouse's schema `quality`.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from include.schema.column import DAY, RUN, STAMP, Column, Table, mirror, pick
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

RESULTS = mirror("quality.results", QUALITY_RESULTS.grain, QUALITY_RESULTS)
QUARANTINE_VIEW = mirror("quality.quarantine", f"{QUARANTINE.grain}, on a current page", QUARANTINE)
QUARANTINE_LIST = Table(
    "quality.quarantine_list",
    "one story that failed a critical rule, on a current page, without its text: quicker to count "
    "and list than quality.quarantine",
    (
        *pick(
            QUARANTINE, "story_id", "text_hash", "page_id", "story_no", "source_name", "headline"
        ),
        Column("beginning", pa.string(), "the first 1,200 characters of the body"),
        *pick(
            QUARANTINE, "body_chars", "outlet", "published_at", "confidence", "reasons",
            "quality_flags", "failed_rules", "observed", "resolution", "run_id", "ingested_at",
        ),
        DAY,
    ),
    partition=None,
)  # fmt: skip
PAGE_FLAGS_VIEW = mirror(
    "quality.page_flags", f"{PAGE_FLAGS.grain}; the page is current", PAGE_FLAGS
)
FIGURES = mirror("quality.figures", RUN_FIGURES.grain, RUN_FIGURES)
REVIEWS_VIEW = mirror("quality.reviews", REVIEWS.grain, REVIEWS)
OVERRIDES_VIEW = mirror(
    "quality.overrides", "one correction of a split, in its present state", OVERRIDES
)
OPENINGS = mirror("quality.gate_openings", GATE_OPENINGS.grain, GATE_OPENINGS)
RESPLIT_VIEW = mirror("quality.resplit_changes", RESPLIT_CHANGES.grain, RESPLIT_CHANGES)
RULE_TREND = Table(
    "quality.rule_trend",
    "one rule in one run",
    (
        *pick(QUALITY_RESULTS, "suite", "rule_id", "severity", "scope"),
        *RUN,
        Column("evaluated", pa.int64(), "rows checked in the run"),
        Column("failed", pa.int64(), "rows that broke the rule"),
        Column("fail_rate", pa.float64(), "failed / evaluated, 0 to 1; null if 0 / 0", True),
        Column("rate_before", pa.float64(), "fail rate of the previous run", True),
    ),
    partition=None,
)
WORST_OUTLETS = Table(
    "quality.worst_outlets",
    "one outlet (null: not named), with the rules that its stories break",
    (
        *pick(STORIES, "outlet"),
        Column("stories", pa.int64(), "current stories, including quarantined ones"),
        Column("quarantined", pa.int64(), "of these, stories in quarantine"),
        Column("flagged", pa.int64(), "of these, stories landed with a warning"),
        Column("quarantined_share", pa.float64(), "share in quarantine, 0 to 1"),
        Column("broken_share", pa.float64(), "share that breaks at least one rule, 0 to 1"),
        Column("mean_confidence", pa.float64(), "mean confidence of the splitter, 0 to 1"),
        Column("worst_rule", pa.string(), "rule that most of them break", True),
        Column("worst_rule_stories", pa.int64(), "stories that break it", True),
    ),
    partition=None,
)
RULE_PAIRS = Table(
    "quality.rule_pairs",
    "one pair of rules broken by the same story",
    (
        Column("rule_id", pa.string(), "first rule, in alphabetical order"),
        Column("with_rule", pa.string(), "second rule"),
        Column("stories", pa.int64(), "stories that break both"),
        Column("rule_stories", pa.int64(), "stories that break the first"),
        Column("with_rule_stories", pa.int64(), "stories that break the second"),
        Column("overlap", pa.float64(), "share that breaks both, of those that break either"),
    ),
    partition=None,
)
ERROR_BUDGET = Table(
    "quality.error_budget",
    "one day on which a run landed",
    (
        replace(DAY, meaning="day (UTC) on which the runs started"),
        Column("stories", pa.int64(), "stories found on that day"),
        Column("quarantined", pa.int64(), "of these, quarantined and not released by a person"),
        Column("stories_28d", pa.int64(), "stories found in the 28 days up to that day"),
        Column("quarantined_28d", pa.int64(), "of these, quarantined and not released"),
        Column("allowed_28d", pa.float64(), "how many may be: 1 in 100"),
        Column("left_28d", pa.float64(), "what is left of that; below 0: overspent"),
        Column("used_share", pa.float64(), "share of the budget that is used; 1: all of it", True),
    ),
    partition=None,
)
FRESHNESS = Table(
    "quality.freshness",
    "one outlet, and when stories of it were ingested",
    (
        Column("outlet", pa.string(), "by stories.outlet, else by story_outlets"),
        Column("stories", pa.int64(), "current stories"),
        Column("days_heard", pa.int64(), "days on which at least one was ingested"),
        Column("first_day", pa.date32(), "first of these days"),
        Column("last_day", pa.date32(), "last of these days"),
        Column("last_published_at", STAMP, "latest known publication (UTC)", True),
        Column("usual_gap_days", pa.float64(), "median number of days from one to the next", True),
        Column("silent_days", pa.int64(), "days from the last one to the last run"),
        Column("is_silent", pa.bool_(), "has 3 such days or more, and is silent for over 3 gaps"),
    ),
    partition=None,
)

QUALITY_VIEWS = (
    RESULTS, QUARANTINE_VIEW, QUARANTINE_LIST, RULE_TREND, WORST_OUTLETS, RULE_PAIRS,
    ERROR_BUDGET, FRESHNESS, PAGE_FLAGS_VIEW, FIGURES, OPENINGS, REVIEWS_VIEW, OVERRIDES_VIEW,
    RESPLIT_VIEW, RESPLITS,
)  # fmt: skip
