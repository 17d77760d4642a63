"""
The lake tables on quality: results of rules, flags of pages, figures of runs, openings of the gate.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, PAGE_ID, RUN, STAMP, Column, Table

QUALITY_RESULTS = Table(
    "quality_results",
    "the result of one rule on one batch or run",
    (
        Column("batch_id", pa.string(), "batch; 'run' for rules on the whole run"),
        Column("suite", pa.string(), "pages, stories or run"),
        Column("suite_version", pa.string(), "version of the suite and the start of its sha256"),
        Column("rule_id", pa.string(), "stable id of the rule, such as body.length"),
        Column("expectation", pa.string(), "Great Expectations type of the rule"),
        Column("check_column", pa.string(), "derived column that it checks", True),
        Column("severity", pa.string(), "critical, warning or info"),
        Column("scope", pa.string(), "row, batch or run"),
        Column("status", pa.string(), "pass or fail"),
        Column("evaluated", pa.int64(), "rows checked"),
        Column("failed", pa.int64(), "rows that broke the rule"),
        Column("observed", pa.string(), "value observed, for rules on a batch or run", True),
        Column("bound", pa.string(), "bound stated in the suite"),
        Column("checked_at", STAMP, "when it was checked (UTC)"),
        *RUN,
        DAY,
    ),
)
PAGE_FLAGS = Table(
    "page_flags",
    "one page that broke one rule for pages",
    (
        PAGE_ID,
        Column("name", pa.string(), "path of the file inside its inbox"),
        Column("rule_id", pa.string(), "stable id of the rule, such as page.silent"),
        Column("severity", pa.string(), "warning or info; pages are never quarantined"),
        Column("observed", pa.string(), "value that broke it"),
        Column("suite_version", pa.string(), "version of the suite that judged it"),
        *RUN,
        DAY,
    ),
)
RUN_FIGURES = Table(
    "run_figures",
    "one figure of a run, which the gate compares later runs with",
    (
        Column("figure", pa.string(), "stories_per_page, …; length, language and rule have parts"),
        Column("outlet", pa.string(), "the outlet; null: the whole run", True),
        Column("part", pa.string(), "power of two of the length, language, or rule id", True),
        Column("value", pa.float64(), "the figure; for a part, its share, 0 to 1"),
        Column("counted", pa.int64(), "stories it is computed from"),
        *RUN,
        DAY,
    ),
)
GATE_OPENINGS = Table(
    "gate_openings",
    "one broken rule of the gate that a person let one run pass",
    (
        Column("rule_id", pa.string(), "the rule that was broken"),
        Column("observed", pa.string(), "value observed", True),
        Column("bound", pa.string(), "bound stated in the suite"),
        Column("opened_by", pa.string(), "who opened the gate"),
        Column("opened_at", STAMP, "when the run passed the gate (UTC)"),
        *RUN,
        DAY,
    ),
)
