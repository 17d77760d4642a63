"""
Compute a run's figures from the counts of its batches; they are kept for comparison by later runs.

Nothing here reads a body. A figure from too few pages or stories is left out, because one story
would decide it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from include.quality.checks.results import OF_THE_RUN
from include.schema.column import schema_of
from include.schema.quality import RUN_FIGURES

MIN_PAGES = 20  # below it one page is more than 5 % of the run
MIN_STORIES = 20  # the same for stories
MIN_OUTLET = 50  # stories of an outlet in a run; its lengths in 12 bins need some in each
SHORTEST, LONGEST = 4, 15  # powers of two: below 32 characters, from 32,768 on
SHAPE = pa.schema(
    [
        pa.field("outlet", pa.string()),
        pa.field("language", pa.string()),
        pa.field("is_dated", pa.bool_()),
        pa.field("length", pa.string()),
        pa.field("stories", pa.int64()),
    ]
)
FIGURES = schema_of(c for c in RUN_FIGURES.columns if c.name not in OF_THE_RUN)


class Key(NamedTuple):
    """What a figure describes: outlet None means the whole run, part None the whole figure."""

    figure: str
    outlet: str | None = None
    part: str | None = None


class Value(NamedTuple):
    """A figure and the number of stories or pages it is computed from."""

    value: float
    counted: int


Figures = Mapping[Key, Value]


def count_shapes(stories: pa.Table) -> pa.Table:
    """
    Count stories by outlet, language, whether dated, and length (a power of two): `SHAPE`.

    Args:
        stories: columns outlet, language, published_at, body_chars; others are ignored.
    """
    parts = [SHAPE.empty_table()]
    for batch in stories.to_batches():
        chars = pc.max_element_wise(batch["body_chars"], 1)
        power = pc.cast(pc.floor(pc.log2(pc.cast(chars, pa.float64()))), pa.int32())
        length = pc.min_element_wise(pc.max_element_wise(power, SHORTEST), LONGEST)
        columns = {
            "outlet": batch["outlet"],
            "language": batch["language"],
            "is_dated": pc.is_valid(batch["published_at"]),
            "length": pc.utf8_lpad(pc.cast(length, pa.string()), 2, "0"),
            "stories": pa.repeat(pa.scalar(1, pa.int64()), batch.num_rows),
        }
        parts.append(_add_up(pa.table(columns)))
    return _add_up(pa.concat_tables(parts))


def sum_figures(shapes: pa.Table, results: pa.Table, counts: Mapping[str, int]) -> dict[Key, Value]:
    """
    Compute a run's figures.

    Args:
        shapes: of all batches. results: rows of `quality_results` of all batches.
        counts: files_taken, stories, quarantined.
    """
    rows = _add_up(shapes).to_pylist()
    stories, pages = counts["stories"], counts["files_taken"]
    figures: dict[Key, Value] = {}
    if pages >= MIN_PAGES:
        figures[Key("stories_per_page")] = Value(stories / pages, pages)
    if stories >= MIN_STORIES:
        figures[Key("quarantined_share")] = Value(counts["quarantined"] / stories, stories)
        figures |= _shares(rows, None)
    by_outlet: Counter[str] = Counter()
    for row in rows:
        if row["outlet"] is not None:
            by_outlet[row["outlet"]] += row["stories"]
    for outlet, count in sorted(by_outlet.items()):
        if count >= MIN_OUTLET:
            figures |= _shares([row for row in rows if row["outlet"] == outlet], outlet)
    return figures | _rule_rates(results.to_pylist())


def tabulate_figures(figures: Figures) -> pa.Table:
    """Give the figures as rows of `run_figures` without the run's columns."""
    rows = [{**key._asdict(), **value._asdict()} for key, value in figures.items()]
    return pa.Table.from_pylist(rows, schema=FIGURES)


def _add_up(shapes: pa.Table) -> pa.Table:
    keys = [name for name in SHAPE.names if name != "stories"]
    summed = shapes.group_by(keys).aggregate([("stories", "sum")])
    named = summed.rename_columns([*keys, "stories"]).select(SHAPE.names).cast(SHAPE)
    return named.sort_by([(name, "ascending") for name in keys if name != "is_dated"])


def _shares(rows: list[dict[str, object]], outlet: str | None) -> dict[Key, Value]:
    """Give the shares of undated stories, of each length and of each language."""
    parts: Counter[Key] = Counter()
    for row in rows:
        count = int(str(row["stories"]))
        parts[Key("undated_share", outlet)] += 0 if row["is_dated"] else count
        parts[Key("length", outlet, str(row["length"]))] += count
        parts[Key("language", outlet, str(row["language"]))] += count
    total = sum(count for key, count in parts.items() if key.figure == "length")
    return {key: Value(count / total, total) for key, count in parts.items()}


def _rule_rates(results: list[dict[str, object]]) -> dict[Key, Value]:
    """Give, for each rule on rows, the share of checked stories that broke it."""
    checked: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for row in results:
        if row["suite"] == "stories" and row["scope"] == "row":
            checked[str(row["rule_id"])] += int(str(row["evaluated"]))
            failed[str(row["rule_id"])] += int(str(row["failed"]))
    return {
        Key("rule", None, rule): Value(failed[rule] / count, count)
        for rule, count in checked.items()
        if count >= MIN_STORIES
    }
