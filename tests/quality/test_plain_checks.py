import pyarrow as pa
import pytest

from include.quality.checks.derive import derive_checks
from include.quality.checks.great_expectations import examine_checks
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN, good_stories, story, table
from tests.quality.defects import DEFECTS
from tests.quality.plain_checks import examine_plainly

STORIES = {
    "none": [],
    "sound": good_stories(30),
    "broken": [one for stories in DEFECTS.values() for one in stories],
    "empty": [dict.fromkeys(story()) | {"agencies": None}],
}


@pytest.mark.parametrize("stories", STORIES)
def test_the_stand_in_finds_what_great_expectations_finds_in_stories(stories):
    suite = load_suite("stories")
    checks = derive_checks(table(*STORIES[stories]), suite, RUN)
    assert examine_plainly(checks, suite) == examine_checks(checks, suite)


@pytest.mark.parametrize("name", ["run", "pages"])
@pytest.mark.parametrize("value", [None, 0, 1, 0.5, 1e9])
def test_the_stand_in_finds_what_great_expectations_finds_in_figures(name, value):
    suite = load_suite(name)
    columns = {rule.column: value for rule in suite.rules}
    in_sets = {rule.column for rule in suite.rules if "value_set" in rule.kwargs}
    columns |= {column: bool(value) for column in in_sets}
    checks = pa.table({column: [value] for column, value in columns.items()})
    checks = checks.cast(
        pa.schema([(c, pa.bool_() if c in in_sets else pa.float64()) for c in checks.column_names])
    )
    assert examine_plainly(checks, suite) == examine_checks(checks, suite)
