import duckdb
import pytest

from include.quality.derive import derive_checks
from include.quality.examine import examine_checks
from include.quality.judge import judge_stories
from include.quality.suite import load_suite
from tests.quality.builders import RUN, good_stories, story, story_of, table
from tests.quality.defects import COMPANIONS, DEFECTS

SUITE = load_suite("stories")
RULES = {rule.id: rule for rule in SUITE.rules}


def broken_rules(stories):
    findings = examine_checks(derive_checks(table(*stories), SUITE, RUN), SUITE)
    return {found.rule.id for found in findings if found.failed}


def test_a_sound_story_breaks_no_rule():
    assert broken_rules(good_stories(40)) == set()


def test_every_rule_has_a_seeded_defect():
    assert set(DEFECTS) == set(RULES)


@pytest.mark.parametrize("rule_id", DEFECTS)
def test_a_rule_alone_catches_its_defect(rule_id):
    assert broken_rules(DEFECTS[rule_id]) == {rule_id} | COMPANIONS.get(rule_id, set())


@pytest.mark.parametrize(
    "brief",
    [
        story_of("…viel Spaß beim Vatertag!\n\nPROST!!!", language="de"),
        story_of("昨日の続き。解決しました。", language="ja", words=6),
        story_of("No trains until Monday."),
        story(1, headline="誤算"),
        story(1, published_at=None, published_precision=None, published_source=None),
        story(1, headline_spans=[{"start": 0, "end": 5}], headline="Lamps"),
    ],
    ids=["two_words", "japanese", "four_words", "short_headline", "undated", "cut_headline"],
)
def test_a_true_brief_lands(brief):
    assert judge_stories(table(brief), SUITE, "b", RUN).landed.num_rows == 1


def test_a_headline_repeated_above_the_main_one_is_sound():
    page = "Lamps\n\nLamps\n\nThe council counted them all, and then it went home to bed early."
    lamps = story_of(
        page[14:],
        headline="Lamps",
        headline_spans=[{"start": 7, "end": 12}, {"start": 0, "end": 5}],
        body_spans=[{"start": 14, "end": len(page)}],
        page_chars=len(page),
    )
    assert broken_rules([lamps]) == set()


@pytest.mark.parametrize(
    "text",
    [
        "C'EST LÀ OÙ NÃO PIÑATA ÅÄÖ Ðað Ø 5 ÎLE",
        "Ничего страшного не случилось",
        "これは普通の文です",
    ],
)
def test_letters_that_mojibake_is_made_of_are_no_damage(text):
    assert broken_rules([story_of(" — ".join([text] * 6))]) == set()


def test_a_story_with_nothing_known_is_set_aside_not_passed_over():
    empty = dict.fromkeys(story())
    judged = judge_stories(table(empty | {"agencies": None}), SUITE, "b", RUN)
    assert {"body.length", "body.spans", "body.counts", "chrome.none"} <= set(
        judged.quarantined["failed_rules"][0].as_py()
    )


def spoiled_batch():
    """Defects among sound stories, so that row numbers matter; ids differ but for the twins."""
    stories = good_stories(300)
    for place, (rule_id, defect) in enumerate(DEFECTS.items()):
        if rule_id not in {"batch.headlines", "story_id.unique"}:
            stories[place * 7 + 3] = defect[-1] | {"story_id": f"d{place:023x}"}
    return [*stories, *DEFECTS["story_id.unique"]]


def predicate(rule):
    """Say in SQL which figures break a row rule; the suite knows only these two kinds of it."""
    if "value_set" in rule.kwargs:
        values = ", ".join(str(value) for value in rule.kwargs["value_set"])
        return f'"{rule.column}" not in ({values})'
    low, high = rule.kwargs.get("min_value", "-inf"), rule.kwargs.get("max_value", "inf")
    return f"\"{rule.column}\"::double not between '{low}'::double and '{high}'::double"


def test_great_expectations_and_plain_sql_name_the_same_rows():
    checks = derive_checks(table(*spoiled_batch()), SUITE, RUN)
    numbered = checks.append_column("row_no", [list(range(checks.num_rows))])
    with duckdb.connect(":memory:") as con:
        con.register("checks", numbered)
        for found in examine_checks(checks, SUITE):
            if found.rule.scope == "row":
                query = f"select row_no from checks where {predicate(found.rule)} order by row_no"
                rows = [row for (row,) in con.sql(query).fetchall()]
                assert (found.rule.id, list(found.failed_rows)) == (found.rule.id, rows)
                assert rows or found.rule.id in {"batch.headlines"}
