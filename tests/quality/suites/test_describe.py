import re

import duckdb
import pytest

from include.config.settings import ROOT
from include.quality.suites.describe import rules_table, state_bound
from include.quality.suites.rules import Rule
from include.quality.suites.suite import load_suite
from include.schema import lake as lake_schema

DOCS = ROOT / "docs" / "quality.md"


def rule(expect, **kwargs):
    return Rule("a.b", expect, {"column": "c", **kwargs}, "info", "row", "because")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (rule("expect_column_values_to_be_between", min_value=1, max_value=9), "1 to 9"),
        (rule("expect_column_values_to_be_between", max_value=0.4), "at most 0.4"),
        (rule("expect_column_values_to_be_between", min_value=0), "at least 0"),
        (rule("expect_column_values_to_be_between", min_value=0, max_value=0), "0"),
        (rule("expect_column_values_to_be_between", min_value=0, strict_min=True), "above 0"),
        (
            rule("expect_column_mean_to_be_between", min_value=0, max_value=1, strict_max=True),
            "at least 0, below 1",
        ),
        (rule("expect_column_values_to_be_in_set", value_set=[True]), "true"),
        (rule("expect_column_values_to_be_in_set", value_set=[1, 2]), "one of 1, 2"),
        (rule("expect_column_values_to_not_be_in_set", value_set=[1, 2]), "not one of 1, 2"),
        (rule("expect_column_values_to_not_be_null"), "told"),
    ],
)
def test_a_bound_is_said_in_words(asked, words):
    assert state_bound(asked) == words


@pytest.mark.parametrize("name", ["stories", "pages", "run"])
def test_the_docs_show_the_rules_as_they_stand(name):
    table = rules_table(load_suite(name))
    shown = DOCS.read_text(encoding="utf-8").split(f"<!-- rules of {name} -->\n")[1]
    assert shown.split("\n<!-- end of rules -->")[0] == table, f"paste this:\n{table}"


def test_the_docs_queries_can_be_read():
    with duckdb.connect(":memory:") as con:
        con.execute("create schema quality")
        for name, lake_table in {
            "quality.results": lake_schema.QUALITY_RESULTS,
            "quality.quarantine": lake_schema.QUARANTINE,
            "main.stories": lake_schema.STORIES,
        }.items():
            con.register("empty", lake_table.schema().empty_table())
            con.execute(f"create table {name} as from empty")
        queries = re.findall(r"```sql\n(.+?);\n```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
        assert [con.sql(query).fetchall() for query in queries] == [[]] * 3
