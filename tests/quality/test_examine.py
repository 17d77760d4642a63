from dataclasses import replace
from types import SimpleNamespace

import pytest

from include.errors import SuiteError
from include.quality import examine
from include.quality.derive import derive_checks
from include.quality.judge import judge_stories
from include.quality.rules import Rule
from include.quality.suite import load_suite
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
    monkeypatch.setattr(examine, "_validate", lambda *_: results)
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


def test_a_rule_on_a_column_that_is_not_there_is_an_error_not_bad_data():
    checks = derive_checks(table(story(0)), SUITE, RUN)
    lost = replace(SUITE, rules=(replace(SUITE.rules[0], kwargs={"column": "x", "max_value": 1}),))
    with pytest.raises(SuiteError, match=r"rule body\.length.*\"x\""):
        examine.examine_checks(checks, lost)


def test_a_rule_that_great_expectations_drops_is_an_error():
    checks = derive_checks(table(story(0)), SUITE, RUN)
    typo = replace(SUITE, rules=(replace(SUITE.rules[0], expect="expect_colum_values"),))
    with pytest.raises(SuiteError, match=r"body\.length.*dropped it"):
        examine.examine_checks(checks, typo)


def test_an_error_over_a_story_does_not_quote_it():
    suite = with_rule(sql="cast(body as integer)", max_value=1)
    with pytest.raises(SuiteError) as caught:
        judge_stories(table(story_of(MARKER)), suite, "b", RUN)
    assert MARKER not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_expectation_is_asked_once_and_great_expectations_stays_as_it_was():
    gx, _ = examine.open_context()
    kind = gx.expectations.Expectation
    before, rule = kind.configuration, SUITE.rules[0]
    expectation = gx.expectations.ExpectColumnValuesToBeBetween(**rule.kwargs)
    with examine._configured_once(kind):
        assert expectation.configuration is expectation.configuration
    assert kind.configuration.fget is before.fget
    assert expectation.configuration == before.fget(expectation)
    assert expectation.configuration is not expectation.configuration


@pytest.mark.parametrize("slice_rows", [7, 30, 31])
def test_a_batch_is_judged_alike_in_one_slice_and_in_several(monkeypatch, slice_rows):
    stories = table(*(story(n) for n in range(28)), story_of(""), story_of("x \ufffd" * 50))
    whole = judge_stories(stories, SUITE, "b", RUN)
    monkeypatch.setattr(examine, "SLICE_ROWS", slice_rows)
    parts = judge_stories(stories, SUITE, "b", RUN)
    assert (parts.landed, parts.quarantined) == (whole.landed, whole.quarantined)
    assert parts.results == whole.results
    assert parts.quarantined.num_rows
