"""What the warehouse joins from the marts of single stories: entities, and quotes that recur."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.pipeline import steps
from include.warehouse.read import run_query
from tests.lake.builders import land_files, run_at
from tests.lake.marts.test_laws import analyse

SAID = "“We will sail at eleven on every night,” said Petra Lindqvist. "
ONE = f"S One|{SAID}Petra Lindqvist flew from Paris to Oslo."
TWO = f"S Two|{SAID}Lindqvist was in Oslo."
THREE = "S Three|Nobody was there."


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return replace(Settings(), home=home)


def ask(settings: Settings, sql: str) -> list[Any]:
    steps.publish(settings)
    return [tuple(row.values()) for row in run_query(settings.warehouse, sql).to_pylist()]


def test_entities_are_joined_across_stories_and_leave_with_them(own):
    land_files(own.lake, run_at(0), {"a.txt": ONE, "b.txt": TWO})
    analyse(own, "a-1")
    entities = "select name, kind, stories, country from marts.entities where name <> 'Paris'"
    assert ask(own, f"{entities} order by name") == [
        ("Oslo", "place", 2, "NO"),
        ("Petra Lindqvist", "person", 2, None),
    ]
    land_files(own.lake, run_at(1), {"a.txt": THREE, "b.txt": THREE})
    assert ask(own, "from marts.entities") == []


def test_a_quote_that_recurs_names_the_first_story_and_its_speaker(own):
    land_files(own.lake, run_at(0), {"a.txt": ONE})
    land_files(own.lake, run_at(1), {"a.txt": ONE, "b.txt": TWO, "c.txt": THREE})
    analyse(own, "a-1")
    recurring = (
        "select speaker, stories, headline from marts.quote_copies"
        " join stories on story_id = first_story_id"
    )
    assert ask(own, recurring) == [("Petra Lindqvist", 2, "One")]
