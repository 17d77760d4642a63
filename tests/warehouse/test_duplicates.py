"""Clusters of copies as the warehouse shows them: which came first, and what the others changed."""

from include.config.settings import Settings
from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse
from tests.warehouse.readers import publish_and_ask


def words(start: int, count: int) -> str:
    return " ".join(f"w{number}" for number in range(start, start + count))


WIRE = words(0, 120)
ADAPTED = f"{words(0, 60)} {words(500, 60)}"


def land(settings: Settings, minute: int, **stories: str) -> None:
    """Land a page per story, named as its headline."""
    files = {f"{name}.txt": f"S {name}|{body}" for name, body in stories.items()}
    land_files(settings.lake, run_at(minute), files)


CLUSTERS = (
    "select first_headline, stories, texts, exact_copies, copied, adapted"
    " from marts.duplicate_clusters order by 1"
)
RELATIONS = "select headline, relation from marts.duplicate_stories order by 1"


def test_a_cluster_says_who_copied_and_who_adapted(settings):
    land(settings, 0, wire=WIRE)
    land(settings, 1, adapted=ADAPTED, copy=WIRE, cut=words(0, 110), unrelated=words(900, 120))
    analyse(settings, "a-1")

    assert publish_and_ask(settings, CLUSTERS) == [("wire", 4, 3, 1, 1, 1)]
    assert publish_and_ask(settings, RELATIONS) == [
        ("adapted", "adapted"), ("copy", "exact"), ("cut", "copied"), ("wire", "first"),
    ]  # fmt: skip
    pairs = "select kind, count(*) from marts.duplicate_pairs group by 1 order by 1"
    assert publish_and_ask(settings, pairs) == [("exact", 1), ("near", 3)]


def test_copies_that_come_later_join_the_cluster(settings):
    land(settings, 0, wire=WIRE)
    analyse(settings, "a-1")
    assert publish_and_ask(settings, CLUSTERS) == []
    for minute, story in enumerate(({"copy": WIRE}, {"adapted": ADAPTED}), 1):
        land(settings, minute, **story)
        analyse(settings, f"a-{minute + 1}")
    assert publish_and_ask(settings, CLUSTERS) == [("wire", 3, 2, 1, 0, 1)]


def test_a_replaced_story_leaves_its_cluster_at_once(settings):
    land(settings, 0, wire=WIRE)
    land(settings, 1, copy=WIRE, adapted=ADAPTED)
    analyse(settings, "a-1")
    land(settings, 2, wire=words(900, 120))
    assert {name for (name, _) in publish_and_ask(settings, RELATIONS)} == {"adapted", "copy"}
    land(settings, 3, adapted=words(700, 120))
    assert publish_and_ask(settings, CLUSTERS) == []
    assert publish_and_ask(settings, "from marts.duplicate_pairs") == []


def test_a_round_up_does_not_connect_the_texts_in_it(settings):
    one, two = words(0, 60), words(200, 60)
    land(settings, 0, one=one, two=two)
    land(settings, 1, roundup=f"{one} {words(400, 100)} {two} {words(600, 100)}")
    analyse(settings, "a-1")
    assert publish_and_ask(settings, CLUSTERS) == []
    kinds = "select kind from marts.duplicate_pairs"
    assert publish_and_ask(settings, kinds) == [("contained",), ("contained",)]


def test_a_brief_within_a_report_is_connected_to_it(settings):
    land(settings, 0, report=words(0, 300), brief=words(0, 60))
    analyse(settings, "a-1")
    ((first, stories, *_),) = publish_and_ask(settings, CLUSTERS)
    assert stories == 2
    copied = "select copied_share from marts.duplicate_stories where not is_first"
    assert first in ("report", "brief")
    assert publish_and_ask(settings, copied)[0][0] in (1.0, 0.2)


def test_a_cluster_counts_the_outlets_that_the_analysis_resolved(settings):
    names = ("apnews.com/wire.txt", "theguardian.com/copy.txt", "copy.txt")
    for minute, name in enumerate(names):
        land_files(settings.lake, run_at(minute), {name: f"S {name}|{WIRE}\nO "})
    analyse(settings, "a-1")
    shown = publish_and_ask(settings, "select outlets, outlet_names from marts.duplicate_clusters")
    assert shown == [(2, ["Associated Press", "The Guardian"])]
