from dataclasses import replace
from types import SimpleNamespace

import pytest

from include.errors import SuiteError
from include.quality.checks import great_expectations
from include.quality.checks.derive import derive_checks
from include.quality.judge import judge_stories
from include.quality.suites.rules import Rule
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN, story, story_of, table

SUITE = load_suite("stories")
MARKER = "Zanzigrub"


def with_rule(column="body_length", sql="length(body)", **kwargs):
    rule = Rule(
        "our.rule", "expect_column_values_to_be_between", {"column": column, **kwargs}, "critical",
        "row", "a test",
    )  # fmt: skip
    return replace(SUITE, derive={"body_length": sql}, rules=(rule,))


def test_a_failing_row_that_is_not_named_fails_the_judge(monkeypatch):
    result = {"element_count": 1, "unexpected_count": 300, "unexpected_index_list": [0] * 200}
    results = dict.fromkeys((rule.id for rule in SUITE.rules), SimpleNamespace(result=result))
    monkeypatch.setattr(great_expectations, "_validate", lambda *_: results)
    with pytest.raises(SuiteError, match="not all of them named"):
        judge_stories(table(story(0)), SUITE, "b", RUN)


@pytest.mark.parametrize(
    ("suite", "words"),
    [
        (with_rule(sql="length(no_such_column)", max_value=1), "no_such_column"),
        (with_rule(sql="length(body", max_value=1), "Parser Error"),
        (with_rule(sql="body", max_value=1), "string"),
        (with_rule(sql="'nan'::double", max_value=1), "NaN"),
        (with_rule(max_value="seven"), "not a valid float"),
        (replace(with_rule(max_value=1), derive={"words": "length(body)"}), "name is taken"),
    ],
    ids=["missing_column", "broken_sql", "text", "nan", "bound_of_words", "hides_a_column"],
)
def test_a_suite_that_cannot_be_evaluated_is_an_error_not_bad_data(suite, words):
    with pytest.raises(SuiteError, match=words):
        judge_stories(table(story(0)), suite, "b", RUN)


def asking(sql, expect, **kwargs):
    suite = with_rule(sql=sql)
    rule = replace(suite.rules[0], expect=expect, kwargs={"column": "body_length", **kwargs})
    return replace(suite, rules=(rule,))


IN_SET, BETWEEN = "expect_column_values_to_be_in_set", "expect_column_values_to_be_between"


@pytest.mark.parametrize(
    ("suite", "words"),
    [
        (asking("length(body) > 1", IN_SET, value_set=[1]), "booleans.*true or false"),
        (asking("length(body) > 1", BETWEEN, min_value=1), "booleans.*in_set"),
        (
            asking("length(body) > 1", "expect_column_mean_to_be_between", max_value=1),
            "booleans.*in_set",
        ),
        (asking("length(body)", IN_SET, value_set=[True]), "numbers.*Give numbers"),
        (
            asking("length(body)", "expect_column_values_to_not_be_in_set", value_set=[False]),
            "numbers.*Give numbers",
        ),
    ],
)
@pytest.mark.parametrize("count", [0, 2])
def test_a_rule_that_does_not_fit_its_columns_kind_is_refused(suite, words, count):
    with pytest.raises(SuiteError, match=words) as caught:
        derive_checks(table(*(story(n) for n in range(count))), suite, RUN)
    assert "our.rule" in caught.value.thing


@pytest.mark.parametrize("sql", ["null", "null::int", "case when 1 > 2 then 3 end"])
def test_a_check_that_is_null_whatever_the_story_is_refused(sql):
    with pytest.raises(SuiteError, match="null whatever the row"):
        derive_checks(table(story(0), story(1)), with_rule(sql=sql, max_value=1), RUN)


def test_a_check_that_is_null_for_these_stories_alone_is_right():
    sql = "case when length(body) > 1000000 then 1 end"
    checks = derive_checks(table(story(0)), with_rule(sql=sql, max_value=1), RUN)
    assert checks["body_length"].null_count == 1


def test_a_rule_on_a_column_that_is_not_there_is_an_error_not_bad_data():
    checks = derive_checks(table(story(0)), SUITE, RUN)
    lost = replace(SUITE, rules=(replace(SUITE.rules[0], kwargs={"column": "x", "max_value": 1}),))
    with pytest.raises(SuiteError, match=r"rule body\.length.*\"x\""):
        great_expectations.examine_checks(checks, lost)


def test_a_rule_that_great_expectations_drops_is_an_error():
    checks = derive_checks(table(story(0)), SUITE, RUN)
    typo = replace(SUITE, rules=(replace(SUITE.rules[0], expect="expect_colum_values"),))
    with pytest.raises(SuiteError, match=r"body\.length.*dropped it"):
        great_expectations.examine_checks(checks, typo)


def test_an_error_over_a_story_does_not_quote_it():
    suite = with_rule(sql="cast(body as integer)", max_value=1)
    with pytest.raises(SuiteError) as caught:
        judge_stories(table(story_of(MARKER)), suite, "b", RUN)
    assert MARKER not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_expectation_is_asked_once_and_great_expectations_stays_as_it_was():
    gx, _ = great_expectations.open_context()
    kind = gx.expectations.Expectation
    before, rule = kind.configuration, SUITE.rules[0]
    expectation = gx.expectations.ExpectColumnValuesToBeBetween(**rule.kwargs)
    with great_expectations._configured_once(kind):
        assert expectation.configuration is expectation.configuration
    assert kind.configuration.fget is before.fget
    assert expectation.configuration == before.fget(expectation)
    assert expectation.configuration is not expectation.configuration


@pytest.mark.parametrize("slice_rows", [7, 30, 31])
def test_a_batch_is_judged_alike_in_one_slice_and_in_several(monkeypatch, slice_rows):
    stories = table(*(story(n) for n in range(28)), story_of(""), story_of("x \ufffd" * 50))
    whole = judge_stories(stories, SUITE, "b", RUN)
    monkeypatch.setattr(great_expectations, "SLICE_ROWS", slice_rows)
    parts = judge_stories(stories, SUITE, "b", RUN)
    assert (parts.landed, parts.quarantined) == (whole.landed, whole.quarantined)
    assert parts.results == whole.results
    assert parts.quarantined.num_rows
