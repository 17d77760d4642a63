"""What Polars reads off a text is what DuckDB says of it."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.quality.checks.derive import derive_checks
from include.quality.checks.readings import add_readings, plan_readings
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN, good_stories, table

SUITE = load_suite("stories")
TEXT = pa.schema([("body", pa.string()), ("headline", pa.string())])
# what the suite counts, and what lies beside it, are dense here
ODD = st.text(
    st.sampled_from(
        "aé\x00\x01\x08\t\n\x0b\x0e\x16\x17\x1f\x7f\x80\x85\x89\x8a\x93\x9d\x9f\xa0Â\u0301€Ãâà¤�😀"
    )
)


def rows_of(*bodies):
    return pa.RecordBatch.from_pylist([{"body": b, "headline": b} for b in bodies], TEXT)


def by_duckdb(rows, names):
    asked = ", ".join(f'{SUITE.derive[name]} as "{name}"' for name in names)
    with duckdb.connect() as con:
        con.register("rows", pa.Table.from_batches([rows]))
        return con.sql(f"select {asked} from rows").to_arrow_table().to_pylist()


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.none() | ODD | st.text(max_size=1200), max_size=6))
def test_every_reading_of_the_suite_is_what_duckdb_says(bodies):
    rows, readings = rows_of(*bodies), plan_readings(SUITE.derive, TEXT)
    read = add_readings(rows, readings).select(list(readings)).to_pylist()
    assert read == by_duckdb(rows, list(readings))


def test_the_suite_leaves_lengths_ends_and_counts_to_be_read():
    readings = plan_readings(SUITE.derive, TEXT)
    assert {"text_chars", "beginning", "ending", "mojibake_pairs", "controls_to_8"} <= set(readings)


@pytest.mark.parametrize(
    "sql",
    [
        "length(words)",
        "length(body) + 1",
        "left(body, min_chars)",
        r"len(regexp_extract_all(body, '\bthe\b'))",
        "len(regexp_extract_all(body, '(?i:a)'))",
        "len(regexp_extract_all(body, 'a*'))",
        "len(regexp_extract_all(body, '.'))",
    ],
    ids=["no_text", "more", "gate", "words", "cases", "repeats", "any"],
)
def test_rules_that_both_engines_may_read_differently_are_left_to_duckdb(sql):
    assert plan_readings({"looked_at": sql}, TEXT.append(pa.field("words", pa.int64()))) == {}


def test_a_rule_may_look_at_a_reading_itself():
    rule = replace(SUITE.rules[0], kwargs={"column": "chars", "max_value": 1})
    alone = replace(SUITE, derive={"chars": "length(body)"}, rules=(rule,), gates={})
    stories = table(*good_stories(3))
    wanted = [len(body) for body in stories["body"].to_pylist()]
    assert derive_checks(stories, alone, RUN).to_pydict() == {"chars": wanted}
