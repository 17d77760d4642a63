from random import Random

import duckdb
import pyarrow as pa
import pytest

from benchmarks.plain_sql import broken_where, suite_sql
from include.errors import SuiteError
from include.quality.checks.derive import derive_checks
from include.quality.checks.great_expectations import examine_checks
from include.quality.judge import judge_stories
from include.quality.suites.suite import load_suite
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
    assert broken_rules([story_of(" — ".join([text] * 6))]) <= {"body.loops"}


COUNTED = "The council counted every lamp in town. It went home to bed before the ferry came back."
GEZÄHLT = "Der Rat zählte die Lampen. Danach ging er nach Hause, bevor die Fähre wieder anlegte."
СЧИТАЛ = "Совет пересчитал фонари на пристани. Потом все разошлись по домам до прихода парома."
数えた = "評議会は町の灯りをすべて数えた。そして渡し船が戻る前に家へ帰って眠った。"


@pytest.mark.parametrize(
    ("whole", "end"),
    [
        (COUNTED, "The mayor said on Tuesday that the work would cost about twice as much as the"),
        (COUNTED, "Nobody was hurt. The harbour master said he would rather wait until the ferry"),
        (COUNTED, "The mayor had asked for three more weeks, which the council,"),
        (COUNTED, "The mayor had asked for three more weeks to think it ov…"),
        (COUNTED, "The mayor had asked for three more weeks. [...]"),
        (COUNTED, "The mayor had asked for more weeks. Read more »"),
        (
            GEZÄHLT,
            "Am Dienstag sagte der Bürgermeister, die Arbeiten würden etwa doppelt so viel wie",
        ),
        (
            GEZÄHLT,
            "Niemand wurde verletzt. Der Hafenmeister will erst einmal auf die nächste Fähre",
        ),
        (GEZÄHLT, "Der Bürgermeister will noch drei Wochen warten, sagte er. […]"),
        (СЧИТАЛ, "Во вторник мэр сказал, что работы будут стоить примерно вдвое больше, чем"),
        (
            数えた,
            "市長は火曜日に記者会見を開いた。工事の費用は当初の見込みの二倍になると述べたうえで議会",
        ),
    ],
)
def test_a_body_that_breaks_off_is_cut_off(whole, end):
    assert broken_rules([story_of(f"{whole}\n\n{whole[:-1]} again.\n\n{end}")]) >= {"text.cut_off"}


@pytest.mark.parametrize(
    ("whole", "end"),
    [
        (COUNTED, "The ferry came back in the evening, and nobody was surprised. (AP)"),
        (COUNTED, "“It came back,” said Nell Corrigan, who had waited on the quay “all night”"),
        (COUNTED, "• Bicycles travel free on weekdays but cost two crowns on Sundays and holidays"),
        (COUNTED, "It was a good shovel, and nobody ever asked for it back. — Greta Holloway, cox"),
        (COUNTED, "Nobody was hurt. The ferry leaves again on Monday at noon. PTI"),
        (GEZÄHLT, "Die Fähre kam am Abend zurück, und niemand wunderte sich darüber. (dpa)"),
        (数えた, "市長は火曜日に記者会見を開いた。「工事の費用は当初の見込みの二倍になる」"),
    ],
)
def test_a_body_that_ends_is_not_cut_off(whole, end):
    assert not broken_rules([story_of(f"{whole}\n\n{whole[:-1]} again.\n\n{end}")]) & {
        "text.cut_off"
    }


def test_a_list_of_short_lines_is_not_cut_off():
    lines = "\n\n".join(f"{name} lamps of the pier" for name in ("Nine", "Ten", "Eleven", "Six"))
    assert "text.cut_off" not in broken_rules([story_of(lines)])


@pytest.mark.parametrize(
    ("line", "lands"),
    [
        ("Back to Marlow: it's his lamp, so why can't he light it?", True),
        ("Back to the lamps.", False),
        ("Back to the front page of the Lamplighter", False),
        ("Leave us a reply: why can't he light it again?", False),
    ],
    ids=["sentence", "button", "button_of_seven_words", "other_phrase"],
)
def test_a_sentence_that_begins_as_a_button_is_no_chrome(line, lands):
    body = f"The council counted every lamp in town before it went to bed.\n\n{line}"
    judged = judge_stories(table(story_of(body, chrome_hits=1)), SUITE, "b", RUN)
    assert judged.landed.num_rows == lands


def test_a_sentence_that_begins_as_a_button_hides_no_chrome_beside_it():
    line = "Back to Marlow: it's his lamp, so why can't he light it?"
    beside = story_of(f"{line}\n\nLeave A Reply", chrome_hits=2)
    assert judge_stories(table(beside), SUITE, "b", RUN).quarantined.num_rows == 1


def test_a_story_with_nothing_known_is_set_aside_not_passed_over():
    empty = dict.fromkeys(story())
    judged = judge_stories(table(empty | {"agencies": None}), SUITE, "b", RUN)
    assert {"body.length", "body.spans", "body.counts", "chrome.none"} <= set(
        judged.quarantined["failed_rules"][0].as_py()
    )


def spoiled_batch(count=1000):
    """Defects among sound stories, drawn with a seed, so that row numbers matter; twins stay by."""
    dice = Random(count)
    one_alone = [defect for rule_id, defect in DEFECTS.items() if rule_id not in OF_SEVERAL]
    stories = [
        dice.choice(one_alone)[-1] | {"story_id": f"d{number:023x}"}
        if dice.random() < 0.3
        else story(number)
        for number in range(count)
    ]
    return stories + [each for rule_id in sorted(OF_SEVERAL) for each in DEFECTS[rule_id]]


OF_SEVERAL = {"batch.headlines", "story_id.unique", "body.outlet_habit"}


def verdicts_of_plain_sql(stories):
    """Judge with the suite compiled to SQL, without Great Expectations and without `derive`."""
    rows = table(*stories)
    with duckdb.connect(":memory:") as con:
        con.register("numbered", rows.append_column("row_id", [list(range(rows.num_rows))]))
        started_us = int(RUN.started_at.timestamp() * 1e6)
        con.register("given", pa.table({"run_started_us": [started_us]} | {
            gate: [value] for gate, value in SUITE.gates.items()
        }))  # fmt: skip
        return [broken for _, broken in con.sql(suite_sql(SUITE)).fetchall()]


def test_the_same_yaml_in_plain_sql_gives_the_same_verdicts():
    stories = spoiled_batch()
    judged = judge_stories(table(*stories), SUITE, "b", RUN)
    critical = {rule.id for rule in SUITE.rules if rule.severity == "critical"}
    expected = verdicts_of_plain_sql(stories)
    lands = [[i for i in ids if i not in critical] for ids in expected if not critical & set(ids)]
    aside = [[i for i in ids if i in critical] for ids in expected if critical & set(ids)]
    assert len(stories) > 1000
    assert judged.landed["quality_flags"].to_pylist() == lands
    assert judged.quarantined["failed_rules"].to_pylist() == aside
    assert {rule for ids in expected for rule in ids} == set(DEFECTS) - {"batch.headlines"}


def test_a_rule_of_a_batch_has_no_plain_form():
    with pytest.raises(SuiteError, match="rules on rows"):
        broken_where(RULES["batch.headlines"])
