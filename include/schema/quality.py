"""
The tables of the quality desk: what rules said, which pages broke one, what a run looked like, and
who opened a gate.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, PAGE_ID, RUN, STAMP, Column, Table

QUALITY_RESULTS = Table(
    "quality_results",
    "one rule on one batch, or on one run",
    (
        Column("batch_id", pa.string(), "the batch; 'run' for rules on the whole run"),
        Column("suite", pa.string(), "pages, stories or run"),
        Column("suite_version", pa.string(), "the suite's version and the head of its sha256"),
        Column("rule_id", pa.string(), "the rule's stable id: body.length"),
        Column("expectation", pa.string(), "the Great Expectations type behind it"),
        Column("check_column", pa.string(), "the derived column it looks at", True),
        Column("severity", pa.string(), "critical, warning or info"),
        Column("scope", pa.string(), "row, batch or run"),
        Column("status", pa.string(), "pass or fail"),
        Column("evaluated", pa.int64(), "rows looked at"),
        Column("failed", pa.int64(), "rows that broke the rule"),
        Column("observed", pa.string(), "the figure met, for rules on a batch or run", True),
        Column("bound", pa.string(), "the bound, as the suite states it"),
        Column("checked_at", STAMP, "when it was judged (UTC)"),
        *RUN,
        DAY,
    ),
)
PAGE_FLAGS = Table(
    "page_flags",
    "one rule on pages that one page broke",
    (
        PAGE_ID,
        Column("name", pa.string(), "the file's path inside its inbox"),
        Column("rule_id", pa.string(), "the rule's stable id: page.silent"),
        Column("severity", pa.string(), "warning or info; a page is never set aside"),
        Column("observed", pa.string(), "the figure that broke it"),
        Column("suite_version", pa.string(), "the suite that judged it"),
        *RUN,
        DAY,
    ),
)
RUN_FIGURES = Table(
    "run_figures",
    "one figure of a run, that the gate weighs later runs against",
    (
        Column("figure", pa.string(), "stories_per_page, …; length, language or rule, by part"),
        Column("outlet", pa.string(), "the outlet it is of; null: the whole run", True),
        Column("part", pa.string(), "the length's power of two, the language or the rule", True),
        Column("value", pa.float64(), "the figure; by part, the part's share, 0 to 1"),
        Column("counted", pa.int64(), "stories (of a rule: stories looked at) it is drawn from"),
        *RUN,
        DAY,
    ),
)
GATE_OPENINGS = Table(
    "gate_openings",
    "one broken rule of the gate that a person let pass, for one run",
    (
        Column("rule_id", pa.string(), "the rule that was broken"),
        Column("observed", pa.string(), "the figure met", True),
        Column("bound", pa.string(), "the bound it broke, as the suite states it"),
        Column("opened_by", pa.string(), "who opened the gate"),
        Column("opened_at", STAMP, "when the gate was weighed and let the run pass (UTC)"),
        *RUN,
        DAY,
    ),
)
