"""Clusters of copies as the warehouse shows them: which came first, and what the others changed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.pipeline import steps
from include.warehouse.read import run_query
from tests.lake.builders import land_files, run_at
from tests.lake.marts.test_laws import analyse


def words(start: int, count: int) -> str:
    return " ".join(f"w{number}" for number in range(start, start + count))


WIRE = words(0, 120)
ADAPTED = f"{words(0, 60)} {words(500, 60)}"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return replace(Settings(), home=home)


def land(own: Settings, minute: int, **stories: str) -> None:
    """Land a page per story, named as its headline."""
    files = {f"{name}.txt": f"S {name}|{body}" for name, body in stories.items()}
    land_files(own.lake, run_at(minute), files)


def ask(own: Settings, sql: str) -> list[tuple[Any, ...]]:
    steps.publish(own)
    return [tuple(row.values()) for row in run_query(own.warehouse, sql).to_pylist()]


CLUSTERS = (
    "select first_headline, stories, texts, exact_copies, copied, adapted"
    " from marts.duplicate_clusters order by 1"
)
RELATIONS = "select headline, relation from marts.duplicate_stories order by 1"


def test_a_cluster_says_who_copied_and_who_adapted(own):
    land(own, 0, wire=WIRE)
    land(own, 1, adapted=ADAPTED, copy=WIRE, cut=words(0, 110), unrelated=words(900, 120))
    analyse(own, "a-1")

    assert ask(own, CLUSTERS) == [("wire", 4, 3, 1, 1, 1)]
    assert ask(own, RELATIONS) == [
        ("adapted", "adapted"), ("copy", "exact"), ("cut", "copied"), ("wire", "first"),
    ]  # fmt: skip
    pairs = "select kind, count(*) from marts.duplicate_pairs group by 1 order by 1"
    assert ask(own, pairs) == [("exact", 1), ("near", 3)]


def test_copies_that_come_later_join_the_cluster(own):
    land(own, 0, wire=WIRE)
    analyse(own, "a-1")
    assert ask(own, CLUSTERS) == []
    for minute, story in enumerate(({"copy": WIRE}, {"adapted": ADAPTED}), 1):
        land(own, minute, **story)
        analyse(own, f"a-{minute + 1}")
    assert ask(own, CLUSTERS) == [("wire", 3, 2, 1, 0, 1)]


def test_a_story_that_leaves_leaves_its_cluster_at_once(own):
    land(own, 0, wire=WIRE)
    land(own, 1, copy=WIRE, adapted=ADAPTED)
    analyse(own, "a-1")
    land(own, 2, wire=words(900, 120))
    assert {name for (name, _) in ask(own, RELATIONS)} == {"adapted", "copy"}
    land(own, 3, adapted=words(700, 120))
    assert ask(own, CLUSTERS) == []
    assert ask(own, "from marts.duplicate_pairs") == []


def test_a_round_up_does_not_connect_what_it_holds(own):
    one, two = words(0, 60), words(200, 60)
    land(own, 0, one=one, two=two)
    land(own, 1, roundup=f"{one} {words(400, 100)} {two} {words(600, 100)}")
    analyse(own, "a-1")
    assert ask(own, CLUSTERS) == []
    kinds = "select kind from marts.duplicate_pairs"
    assert ask(own, kinds) == [("contained",), ("contained",)]


def test_a_brief_within_a_report_is_connected_to_it(own):
    land(own, 0, report=words(0, 300), brief=words(0, 60))
    analyse(own, "a-1")
    ((first, stories, *_),) = ask(own, CLUSTERS)
    assert stories == 2
    copied = "select copied_share from marts.duplicate_stories where not is_first"
    assert first in ("report", "brief")
    assert ask(own, copied)[0][0] in (1.0, 0.2)
