import pytest

from include.errors import SuiteError
from include.quality.checks.great_expectations import open_context
from include.quality.suites.rules import EXPECTATIONS
from include.quality.suites.suite import HERE, load_suite, read_suite

GOOD = """\
suite: tiny
version: 3
gates: {least: 2}
derive:
  size: case when count(*) over () >= least then length(body) end
rules:
  - id: body.size
    expect: expect_column_values_to_be_between
    kwargs: {column: size, min_value: 1, max_value: 9}
    severity: critical
    scope: row
    note: >-
      why the bound
      is what it is
"""
SECOND = GOOD.split("rules:\n")[1]


def read(folder, text, name="tiny.suite.yaml"):
    path = folder / name
    path.write_bytes(text.encode())
    return read_suite(path)


@pytest.mark.parametrize("name", ["pages", "stories", "run"])
def test_the_suites_can_be_loaded(name):
    suite = load_suite(name)
    assert suite.name == name
    assert all(rule.note for rule in suite.rules)


def test_a_rule_is_what_its_file_says(tmp_path):
    suite = read(tmp_path, GOOD)
    (rule,) = suite.rules
    assert (suite.name, dict(suite.gates), list(suite.derive)) == ("tiny", {"least": 2}, ["size"])
    assert (rule.id, rule.column, rule.severity) == ("body.size", "size", "critical")
    assert (rule.scope, rule.note) == ("row", "why the bound is what it is")
    assert dict(rule.kwargs) == {"column": "size", "min_value": 1, "max_value": 9}


def test_the_version_changes_with_the_content_and_not_with_comments(tmp_path):
    first = read(tmp_path, GOOD).version
    assert first == read(tmp_path, GOOD).version
    assert first.startswith("3+")
    assert len(first) == len("3+3f2a9c")
    assert read(tmp_path, GOOD + "# a word\n").version == first
    for before, after in [("version: 3", "version: 4"), ("least: 2", "least: 3"),
                          ("length(body)", "length(headline)"), ("max_value: 9", "max_value: 8"),
                          ("critical", "warning")]:  # fmt: skip
        assert read(tmp_path, GOOD.replace(before, after)).version != first


def test_a_loaded_suite_cannot_be_changed(tmp_path):
    suite = read(tmp_path, GOOD)
    with pytest.raises(TypeError):
        suite.rules[0].kwargs["max_value"] = 10**6


WRONG = {
    "no_yaml": ("suite: tiny", "suite: [", "Fix the YAML"),
    "no_mapping": (GOOD, "- 1", "Give a mapping"),
    "key_unknown": ("version: 3", "version: 3\nowner: me", "owner"),
    "key_missing": ("version: 3\n", "", "'version'"),
    "key_twice": ("derive:\n", "derive:\n  size: length(headline)\n", "2 times"),
    "other_name": ("suite: tiny", "suite: huge", "huge"),
    "version_of_words": ("version: 3", "version: v3", "v3"),
    "gate_of_words": ("least: 2", "least: two", "two"),
    "gate_unused": ("least: 2", "least: 2, most: 9", "most"),
    "derived_empty": ("  size: case", "  word: ''\n  size: case", "word"),
    "derived_unused": ("  size: case", "  word: length(byline)\n  size: case", "word"),
    "derived_name_odd": ("  size: case", "  Big Word: length(byline)\n  size: case", "Big Word"),
    "no_rules": (GOOD[GOOD.index("rules:") :], "rules: []\n", "list of rules"),
    "rule_of_words": (SECOND, "  - body.size\n", "body.size"),
    "rule_key_unknown": ("scope: row", "scope: row\n    mostly: 0.9", "mostly"),
    "rule_key_missing": ("    scope: row\n", "", "scope"),
    "id_shapeless": ("id: body.size", "id: Body", "Body"),
    "id_twice": ("    note: >-", "    note: x\n" + SECOND + "    note: >-", "2 times|taken"),
    "severity_unknown": ("critical", "fatal", "critical, warning, info"),
    "scope_unknown": ("scope: row", "scope: page", "row, batch, run"),
    "expectation_unknown": ("_be_between", "_be_betwen", "expect_column_values_to_be_betwen"),
    "expectation_of_batch": ("values_to_be", "mean_to_be", "is for batch"),
    "kwarg_unknown": ("max_value: 9", "max: 9", "'max'"),
    "mostly": ("max_value: 9", "mostly: 0.9", "mostly"),
    "kwargs_of_words": ("{column: size, min_value: 1, max_value: 9}", "size", "size"),
    "column_missing": ("column: size, ", "", "column"),
    "column_unknown": ("column: size", "column: sise", "sise"),
    "bound_of_words": ("max_value: 9", "max_value: nine", "nine"),
    "bound_nan": ("max_value: 9", "max_value: .nan", "nan"),
    "no_bound": (", min_value: 1, max_value: 9", "", "min_value, max_value or both"),
    "bounds_crossed": ("min_value: 1", "min_value: 10", "above"),
    "bounds_that_nothing_lies_in": ("max_value: 9", "max_value: 1, strict_min: true", "nothing"),
    "bound_boolean": ("max_value: 9", "max_value: true", "Give a number"),
    "bound_beyond_floats": ("max_value: 9", f"max_value: {10**400}", "Give a number"),
    "strict_of_words": ("max_value: 9", "strict_max: 3", "strict_max|true or false"),
    "strict_without_bound": ("max_value: 9", "strict_max: true", "max_value is missing"),
    "note_empty": (GOOD[GOOD.index("note:") :], "note: ''\n", "note"),
}


MALFORMED = {
    "key_that_is_a_list": "? [a]\n: 1\n",
    "deep": "[" * 5000,
    "date_of_no_calendar": "suite: 2026-13-45\n",
    "number_of_words": "suite: !!int two\n",
    "number_empty": "suite: !!float ''\n",
    "boolean_of_words": "suite: !!bool perhaps\n",
    "date_of_words": "suite: !!timestamp soon\n",
    "number_too_long": f"version: {'9' * 5000}\n",
    "control_sign": "suite: \x00\n",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_yaml_is_refused_with_the_files_name(case, tmp_path):
    with pytest.raises(SuiteError, match="Fix the YAML") as caught:
        read(tmp_path, MALFORMED[case])
    assert caught.value.thing == "tiny.suite.yaml"
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "values",
    [
        "[]", "true", '["true"]', '["12"]', "[nine]", "[2026-11-02]", "[null]", "[.nan]",
        "[true, 1]", "[[1]]", f"[{10**400}]",
    ],
)  # fmt: skip
def test_a_value_set_that_no_check_column_can_hold_is_refused(values, tmp_path):
    bounds = "{column: size, min_value: 1, max_value: 9}"
    in_set = GOOD.replace("_be_between", "_be_in_set")
    with pytest.raises(
        SuiteError, match=r"all true or false, or all numbers|Give a list"
    ) as caught:
        read(tmp_path, in_set.replace(bounds, f"{{column: size, value_set: {values}}}"))
    assert caught.value.thing == "tiny.suite.yaml: rule 'body.size': value_set"


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_suite_is_refused_with_the_place_and_the_way_out(case, tmp_path):
    before, after, words = WRONG[case]
    assert before in GOOD
    with pytest.raises(SuiteError, match=words) as caught:
        read(tmp_path, GOOD.replace(before, after, 1))
    assert "tiny.suite.yaml" in caught.value.thing
    assert caught.value.way_out


def test_two_rules_of_one_id_are_refused(tmp_path):
    with pytest.raises(SuiteError, match="taken"):
        read(tmp_path, GOOD + SECOND)


def test_two_rules_that_make_the_same_check_are_refused(tmp_path):
    with pytest.raises(SuiteError, match=r"same check as body\.size"):
        read(tmp_path, GOOD + SECOND.replace("body.size", "body.again"))


def test_a_critical_rule_on_a_batch_is_refused(tmp_path):
    batch = GOOD.replace("values_to_be", "mean_to_be").replace("scope: row", "scope: batch")
    with pytest.raises(SuiteError, match="never set aside"):
        read(tmp_path, batch)


def test_a_suite_that_is_not_there_names_those_that_are():
    with pytest.raises(SuiteError, match="pages, run, stories"):
        load_suite("weather")


def test_every_suite_file_is_read():
    of_a_suite = {path.name.split(".")[0] for path in HERE.glob("*.yaml")}
    assert of_a_suite == {"pages", "run", "stories"}
    ids = [rule.id for name in of_a_suite for rule in load_suite(name).rules]
    text = "".join(path.read_text() for path in HERE.glob("*.yaml"))
    assert [ids.count(rule_id) for rule_id in ids] == [text.count(f"- id: {i}\n") for i in ids]


def family(folder, name, text):
    path = folder / f"tiny.{name}.suite.yaml"
    path.write_bytes(text.encode())
    return path


OTHER = SECOND.replace("body.size", "body.other").replace("column: size", "column: extent")
OTHER = f"suite: tiny\nversion: 3\ngates: {{}}\nderive: {{extent: length(body)}}\nrules:\n{OTHER}"


def test_families_are_one_suite_in_their_names_order(tmp_path):
    suite = read_suite(family(tmp_path, "a", GOOD), family(tmp_path, "b", OTHER))
    assert [rule.id for rule in suite.rules] == ["body.size", "body.other"]
    assert list(suite.derive) == ["size", "extent"]
    changed = read_suite(
        family(tmp_path, "a", GOOD),
        family(tmp_path, "b", OTHER.replace("max_value: 9", "max_value: 8")),
    )
    assert (suite.version[:2], changed.version[:2]) == ("3+", "3+")
    assert changed.version != suite.version


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("version: 3", "version: 4", "All families are 3"),
        ("gates: {}", "gates: {least: 2}", "No derived column uses it"),
        ("extent", "size", "Two families define it"),
        ("body.other", "body.size", "taken"),
    ],
)
def test_families_that_do_not_fit_are_refused(before, after, words, tmp_path):
    other = OTHER.replace(before, after)
    with pytest.raises(SuiteError, match=words):
        read_suite(family(tmp_path, "a", GOOD), family(tmp_path, "b", other))


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_great_expectations_knows_what_a_rule_may_say(name):
    open_context()  # imports it without its own deprecation warnings
    from great_expectations.expectations.registry import get_expectation_impl

    known = EXPECTATIONS[name]
    fields = get_expectation_impl(name).__fields__
    assert known.needs | known.may <= set(fields)
