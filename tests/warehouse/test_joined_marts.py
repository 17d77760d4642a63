"""Marts that join rows of several stories: entities, and quotes that recur."""

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
