"""Marts that join rows of several stories: entities, quotes that recur, timelines."""

from datetime import date

from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse
from tests.warehouse.readers import publish_and_ask

SAID = "“We will sail at eleven on every night,” said Petra Lindqvist. "
ONE = f"S One|{SAID}Petra Lindqvist flew from Paris to Oslo."
TWO = f"S Two|{SAID}Lindqvist was in Oslo."
THREE = "S Three|Nobody was there."


def test_entities_are_joined_across_stories_and_go_with_them(settings):
    land_files(settings.lake, run_at(0), {"a.txt": ONE, "b.txt": TWO})
    analyse(settings, "a-1")
    entities = "select name, kind, stories, country from marts.entities where name <> 'Paris'"
    assert publish_and_ask(settings, f"{entities} order by name") == [
        ("Oslo", "place", 2, "NO"),
        ("Petra Lindqvist", "person", 2, None),
    ]
    land_files(settings.lake, run_at(1), {"a.txt": THREE, "b.txt": THREE})
    assert publish_and_ask(settings, "from marts.entities") == []


def test_a_quote_that_recurs_names_the_first_story_and_its_speaker(settings):
    land_files(settings.lake, run_at(0), {"a.txt": ONE})
    land_files(settings.lake, run_at(1), {"a.txt": ONE, "b.txt": TWO, "c.txt": THREE})
    analyse(settings, "a-1")
    recurring = (
        "select speaker, stories, headline from marts.quote_copies"
        " join stories on story_id = first_story_id"
    )
    assert publish_and_ask(settings, recurring) == [("Petra Lindqvist", 2, "One")]


FLOOD = "The dam at Oslo broke on 3 May 2026, said Petra Lindqvist."
TIMES = "select first_day, period, text, sentence, entities, stories, is_ahead from marts.timelines"


def test_a_timeline_has_each_sentence_once_with_its_stories_and_entities(settings):
    texts = {"a.txt": f"S One|{FLOOD}\nT a day ago", "b.txt": f"S Two|{FLOOD} It rained in 2020."}
    land_files(settings.lake, run_at(0), texts)
    analyse(settings, "a-1")

    rows = publish_and_ask(settings, f"{TIMES} order by first_day")

    assert rows == [
        (date(2020, 1, 1), "year", "2020", "It rained in 2020.", None, 1, None),
        (date(2026, 5, 3), "day", "3 May 2026", FLOOD, ["Oslo", "Petra Lindqvist"], 2, False),
    ]
    land_files(settings.lake, run_at(1), dict.fromkeys(texts, THREE))
    assert publish_and_ask(settings, TIMES) == []


def test_an_age_dates_a_story_where_its_page_says_when_it_was_fetched(settings):
    body = "It sank on Thursday."
    land_files(settings.lake, run_at(0), {"a.txt": f"S One|{body}\nT 2 days ago", "b.txt": TWO})
    analyse(settings, "a-1")

    dates = (
        "select headline, known.published_at::date, source, age from marts.story_dates as known "
        "join stories using (story_id) order by 1"
    )
    assert publish_and_ask(settings, dates) == [
        ("One", date(2026, 11, 19), "relative", "2 days ago"),
        ("Two", None, None, None),
    ]
    named = "select text, value, resolved_from from marts.date_mentions where text = 'Thursday'"
    assert publish_and_ask(settings, named) == [("Thursday", "2026-11-19", "published_at")]


def test_attention_is_the_share_of_an_outlets_stories_that_day(settings):
    texts = {
        "a.txt": "S One|The Ferry Érable sank.",
        "b.txt": "S Two|A ferryman rowed.",
        "c.txt": TWO,
    }
    land_files(settings.lake, run_at(0), texts)
    analyse(settings, "a-1")
    columns = "day, outlet, stories, all_stories, round(share, 2)"

    asked = publish_and_ask(settings, f"select {columns} from attention('ferry erable')")
    assert asked == [(date(2026, 11, 21), "Herald", 1, 3, 0.33)]
    odd = publish_and_ask(settings, f"select {columns} from attention('(.*')")
    assert odd == [(date(2026, 11, 21), "Herald", 0, 3, 0.0)]
    oslo = "(select entity_id from marts.entities where name = 'Oslo')"
    named = publish_and_ask(settings, f"select {columns} from attention_entity({oslo})")
    assert named == [(date(2026, 11, 21), "Herald", 1, 3, 0.33)]


def test_an_outlet_that_fell_silent_is_listed(settings):
    for day in range(4):
        land_files(settings.lake, run_at(day * 1440), {f"{day}.txt": f"S One|Words {day}."})
    silent = "select outlet, silent_days, usual_gap_days from marts.silent_outlets"
    assert publish_and_ask(settings, silent) == []

    land_files(settings.lake, run_at(9 * 1440), {"z.txt": "only chrome"})

    assert publish_and_ask(settings, silent) == [("Herald", 6, 1.0)]
