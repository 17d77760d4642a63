"""A reviewer reads what broke a rule: the date, the URL, the words; not a bare figure."""

from datetime import UTC, datetime

import pytest

from include.quality.suites.suite import load_suite
from include.review.evidence import EXPLANATIONS, Part, explain, list_facts, quote

STORY = {
    "story_id": "0" * 24,
    "headline": "Harbour Votes for a Night Boat",
    "published_at": datetime(2031, 3, 12, tzinfo=UTC),
    "published_precision": "day",
    "published_source": "text",
    "byline": "Ida Marsh",
    "dateline": None,
    "words": 12,
    "ingested_at": datetime(2028, 10, 9, 6, tzinfo=UTC),
}
PARTS = (
    Part("headline", "Harbour Votes for a Night Boat"),
    Part("body", "The boat leaves at eleven."),
    Part("body", "The boat leaves at eleven."),
    Part("body", "Leave a reply", is_chrome_phrase=True),
    Part("body", "La clÃ© est perdue, dit-il."),
)


def test_every_critical_rule_of_a_story_has_words_of_its_own() -> None:
    critical = {rule.id for rule in load_suite("stories").rules if rule.severity == "critical"}
    assert set(EXPLANATIONS) == critical


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("published.not_ahead", "883.75", "12 March 2031"),
        ("published.not_ahead", "883.75", "884 days after the day it was taken (9 October 2028)"),
        ("published.not_ahead", "883.75", "as the page says"),
        ("published.after_press", "1523", "12 March 2031"),
        ("chrome.none", "1", "1 phrase of a web page: `Leave a reply`"),
        ("headline.length", "0", "30 characters: `Harbour Votes for a Night Boat`"),
        ("body.length", "3", "`The boat leaves at eleven. The boat"),
        ("body.repeats", "0.5", "50% of the body repeats itself: `The boat leaves at eleven.`"),
        ("body.beyond_headline", "true", "`Harbour Votes for a Night Boat`"),
        ("text.garbled", "112.5", "as in `clÃ©`"),
        ("spans.disjoint", "2", "bug of the splitter"),
        ("story_id.unique", "2", "copy `2`"),
        ("body.counts", "false", "12 words"),
        ("a.rule.of_later", "7", "the figure is `7`"),
    ],
)
def test_a_sentence_says_what_broke_the_rule(rule: str, value: str, words: str) -> None:
    told = explain(rule, value, STORY, PARTS)
    assert told.startswith(f"`{rule}`: ")
    assert words in told


@pytest.mark.parametrize("rule", EXPLANATIONS)
@pytest.mark.parametrize("value", [None, "", "many", "nan", "-1", "1e5"])
def test_no_value_and_no_page_breaks_an_explanation(rule: str, value: str | None) -> None:
    bare = dict.fromkeys(STORY) | {"words": 0}
    assert explain(rule, value, bare, ())


def test_the_facts_name_url_date_and_byline() -> None:
    url = "https://herald.example/2031/night-boat?utm=1"
    assert list_facts(STORY, url) == [
        f"URL `{url}`",
        "published **12 March 2031** (as the page says)",
        "byline `Ida Marsh`",
    ]
    assert list_facts(dict.fromkeys(STORY), None) == [
        "no URL known", "no date found", "no byline",
    ]  # fmt: skip


def test_hostile_text_stays_inside_its_quotes() -> None:
    assert quote("`[x](http://evil)` **b**\n# y\x1b[31m") == "`ʼ[x](http://evil)ʼ **b** # y�[31m`"
