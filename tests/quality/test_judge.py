import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.quality.checks import great_expectations
from include.quality.checks.results import RESULTS
from include.quality.judge import judge_stories
from include.quality.suites.suite import load_suite
from include.schema import lake as lake_schema
from tests.quality.builders import RUN, SCHEMA, good_stories, story, story_of, table

SUITE = load_suite("stories")
MARKER = "Zanzigrub"


def judge(*stories):
    return judge_stories(table(*stories), SUITE, "batch-0000", RUN)


def test_nothing_is_lost_and_order_is_kept():
    stories = [story(n, chrome_hits=int(n % 3 == 0)) for n in range(50)]
    judged = judge(*stories)
    aside = [s["story_id"] for s in stories if s["chrome_hits"]]
    lands = [s["story_id"] for s in stories if not s["chrome_hits"]]
    assert judged.quarantined["story_id"].to_pylist() == aside
    assert judged.landed["story_id"].to_pylist() == lands


def test_every_column_of_a_story_comes_out_as_it_went_in():
    judged = judge(story(0), story(1, chrome_hits=1))
    assert judged.landed.select(SCHEMA.names).equals(table(story(0)))
    assert judged.quarantined.select(SCHEMA.names).equals(table(story(1, chrome_hits=1)))


def test_tables_have_the_columns_that_the_lake_adds_to():
    judged = judge(story(0))
    assert judged.landed.schema.names == [*SCHEMA.names, "quality_flags"]
    known = lake_schema.QUARANTINE.schema()
    for field in judged.quarantined.schema:
        assert known.field(field.name).equals(field)
    assert judged.results.schema.equals(RESULTS)


def test_failed_rules_stand_in_the_suites_order_with_the_figures_that_broke_them():
    judged = judge(story(0, chrome_hits=2, body_chars=1, language="und"))
    (row,) = judged.quarantined.to_pylist()
    assert row["failed_rules"] == ["body.counts", "chrome.none"]
    assert row["observed"] == [
        {"rule": "body.counts", "value": "false"},
        {"rule": "chrome.none", "value": "2"},
    ]
    assert row["quality_flags"] == ["language.known"]
    assert row["suite_version"] == SUITE.version


def test_a_warning_lands_with_its_flag():
    judged = judge(story(0, confidence=0.1), story(1))
    assert judged.landed["quality_flags"].to_pylist() == [["confidence.floor"], []]


def test_the_first_copy_of_a_story_lands_and_later_ones_do_not():
    judged = judge(story(0, page_id="a"), story(0, page_id="b"), story(0, page_id="c"))
    assert judged.landed["page_id"].to_pylist() == ["a"]
    assert judged.quarantined["page_id"].to_pylist() == ["b", "c"]


def test_results_count_every_rule_once():
    judged = judge(story(0), story(1, headline=None, headline_spans=[], chrome_hits=3))
    rows = {row["rule_id"]: row for row in judged.results.to_pylist()}
    assert list(rows) == [rule.id for rule in SUITE.rules]
    assert rows["chrome.none"] == {
        "batch_id": "batch-0000",
        "suite": "stories",
        "suite_version": SUITE.version,
        "rule_id": "chrome.none",
        "expectation": "expect_column_values_to_be_between",
        "check_column": "chrome_left",
        "severity": "critical",
        "scope": "row",
        "status": "fail",
        "evaluated": 2,
        "failed": 1,
        "observed": None,
        "bound": "0",
        "checked_at": RUN.started_at,
    }
    assert (rows["headline.length"]["evaluated"], rows["headline.length"]["status"]) == (1, "pass")
    assert (rows["batch.headlines"]["evaluated"], rows["batch.headlines"]["observed"]) == (0, None)


def test_judging_twice_gives_the_same():
    stories = [story(n, chrome_hits=n % 2) for n in range(30)]
    first, second = judge(*stories), judge(*stories)
    assert first.landed.equals(second.landed)
    assert first.quarantined.equals(second.quarantined)
    assert first.results.equals(second.results)


def test_an_empty_batch_gives_empty_tables_and_a_row_a_rule():
    judged = judge_stories(SCHEMA.empty_table(), SUITE, "batch-0000", RUN)
    assert (judged.landed.num_rows, judged.quarantined.num_rows) == (0, 0)
    assert set(judged.results["evaluated"].to_pylist()) == {0}
    assert set(judged.results["status"].to_pylist()) == {"pass"}
    assert judged.quarantined.schema.equals(judge(story(0)).quarantined.schema)


def test_every_failing_story_is_named_past_the_limits_of_great_expectations():
    judged = judge(*(story(n, chrome_hits=1) for n in range(1500)))
    assert (judged.landed.num_rows, judged.quarantined.num_rows) == (0, 1500)
    assert set(map(tuple, judged.quarantined["failed_rules"].to_pylist())) == {("chrome.none",)}


def test_slices_judge_as_the_whole_does(monkeypatch):
    stories = [story(n % 17, chrome_hits=int(n % 5 == 0)) for n in range(40)]
    whole = judge(*stories)
    monkeypatch.setattr(great_expectations, "SLICE_ROWS", 7)
    sliced = judge(*stories)
    assert sliced.quarantined.equals(whole.quarantined)
    assert sliced.results.equals(whole.results)


def test_no_text_of_a_story_reaches_great_expectations(monkeypatch):
    seen, validate = [], great_expectations._validate

    def listen(frame, name, rules):
        results = validate(frame, name, rules)
        assert {dtype.kind for dtype in frame.dtypes} <= set("biufO")
        seen.extend([frame.to_json(), *(str(r.to_json_dict()) for r in results.values())])
        return results

    monkeypatch.setattr(great_expectations, "_validate", listen)
    body = f"{MARKER}\n\n{MARKER}\n\n{MARKER}"
    judged = judge(story_of(body, chrome_hits=1, language=MARKER, published_source=MARKER))
    assert len(seen) == len(SUITE.rules)  # the frame, and every rule but the one of batches
    assert MARKER not in "".join(seen)
    assert MARKER not in str(judged.results.to_pylist())
    assert MARKER not in str(judged.quarantined["observed"].to_pylist())


HOSTILE = [
    "'); drop table numbered; --",
    "\"; select * from read_csv('passwords'); \"",
    "{batch} $PARAMETER %s {{ body }} \\x00 \\",
    "a\x00b\x00\x1b[31m",
    "<script>alert('row_id')</script>\n\n\u202egnihtyna",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010ffff e\u0301",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_through_whole(text):
    judged = judge(story(0), story_of(text, 1, headline=text, source_name=text), story(2))
    out = pa.concat_tables([judged.landed, judged.quarantined.select(judged.landed.schema.names)])
    assert sorted(out["body"].to_pylist()) == sorted([story(0)["body"], text, story(2)["body"]])
    assert {"0" * 24, f"{2:024x}"} <= set(judged.landed["story_id"].to_pylist())


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(texts, texts | st.none(), st.integers(-9, 99)), max_size=20))
def test_whatever_a_batch_holds_each_story_comes_out_once(parts):
    stories = [
        story_of(body, number, headline=headline, chrome_hits=hits)
        for number, (body, headline, hits) in enumerate(parts)
    ]
    judged = judge(*stories)
    ids = judged.landed["story_id"].to_pylist() + judged.quarantined["story_id"].to_pylist()
    assert sorted(ids) == [s["story_id"] for s in stories]


def test_judging_opens_no_connection(monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    judge(*good_stories(3))


def test_great_expectations_is_imported_only_by_a_judge_with_stories():
    code = (
        "import sys; from include.quality import judge;"
        "from include.quality.gate import gate;"
        "from include.quality.suites import describe, suite;"
        "from tests.quality.builders import RUN, table;"
        "judge.judge_stories(table(), suite.load_suite('stories'), 'b', RUN);"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_headline_that_came_with_the_file_has_no_place_in_the_text():
    titled = {"headline": "Bridge vote", "headline_source": "file"}
    judged = judge(story(0, headline_spans=[], **titled), story(1, **titled))
    assert judged.landed["story_id"].to_pylist() == [story(0)["story_id"]]
    assert judged.quarantined["failed_rules"].to_pylist() == [["headline.spans"]]
