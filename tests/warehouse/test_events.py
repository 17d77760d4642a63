"""Events as the warehouse shows them: who covered them, who was first, and what became of them."""

from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse
from tests.warehouse.readers import publish_and_ask

FERRY = (
    "The ferry Aurelia ran aground off Quillhaven harbour on Monday night with 214 passengers "
    "aboard, the coastguard said. Lifeboats took all passengers to Quillhaven, where a school gym "
    "was opened. Captain Petra Lindqvist said that the rudder of the Aurelia had jammed in fog."
)
AGROUND = (
    "All 214 passengers were rescued after the Aurelia, a ferry on its way to Quillhaven, hit "
    "rocks in fog. The coastguard sent three lifeboats. A jammed rudder is blamed for the "
    "grounding, said captain Lindqvist, whose ferry now lies on the rocks by the harbour."
)
GOOSE = (
    "A goose that escaped from a farm near Brindlewick has been living on a roundabout for weeks, "
    "to the delight of commuters. The farmer, Otto Marrable, has tried bread, nets and a trumpet. "
    "Councillors want a fence built before the winter geese arrive in November."
)
EVENTS = "select headline, stories, originals, copies from marts.events"


def test_stories_of_one_happening_are_one_event(settings):
    land_files(settings.lake, run_at(0), {"a.txt": f"S Ferry runs aground|{FERRY}"})
    land_files(settings.lake, run_at(1), {"b.txt": f"S Passengers saved from ferry|{AGROUND}"})
    land_files(settings.lake, run_at(2), {"c.txt": f"S Goose|{GOOSE}"})
    analyse(settings, "a-1")

    ((headline, *counts),) = publish_and_ask(settings, EVENTS)
    assert headline == "Ferry runs aground"
    assert counts == [2, 2, 0]
    ((terms,),) = publish_and_ask(settings, "select terms from marts.events")
    assert {"aurelia", "ferry", "quillhaven"} <= set(terms)
    members = "select headline, is_first, relation from marts.event_stories order by seen_at"
    assert publish_and_ask(settings, members) == [
        ("Ferry runs aground", True, "original"),
        ("Passengers saved from ferry", False, "original"),
    ]
    assert publish_and_ask(settings, "from marts.event_changes") == []


def test_a_copy_counts_as_a_copy_of_the_event(settings):
    land_files(settings.lake, run_at(0), {"a.txt": f"S Ferry aground|{FERRY}"})
    land_files(
        settings.lake,
        run_at(1),
        {"b.txt": f"S Fog|{FERRY}", "c.txt": f"S Passengers saved from ferry|{AGROUND}"},
    )
    analyse(settings, "a-1")
    ((_, *counts),) = publish_and_ask(settings, EVENTS)
    assert counts == [3, 2, 1]


def test_an_event_keeps_its_id_as_it_grows_and_goes_with_its_stories(settings):
    land_files(settings.lake, run_at(0), {"a.txt": f"S Ferry aground|{FERRY}"})
    land_files(settings.lake, run_at(1), {"b.txt": f"S Fog|{FERRY}"})
    analyse(settings, "a-1")
    ids = "select event_id from marts.events"
    before = publish_and_ask(settings, ids)
    land_files(settings.lake, run_at(2), {"c.txt": f"S Passengers saved from ferry|{AGROUND}"})
    analyse(settings, "a-2")
    assert publish_and_ask(settings, ids) == before
    assert publish_and_ask(settings, "from marts.event_changes") == []

    land_files(settings.lake, run_at(3), {"b.txt": f"S Goose|{GOOSE}", "c.txt": "S No|Nothing."})
    assert publish_and_ask(settings, "from marts.event_stories") == []


def test_an_event_whose_first_story_is_revised_is_renamed(settings):
    land_files(settings.lake, run_at(0), {"a.txt": f"S Ferry aground|{FERRY}"})
    land_files(
        settings.lake,
        run_at(1),
        {"b.txt": f"S Fog|{FERRY}", "c.txt": f"S Passengers saved from ferry|{AGROUND}"},
    )
    analyse(settings, "a-1")
    ((old,),) = publish_and_ask(settings, "select event_id from marts.events")
    land_files(settings.lake, run_at(2), {"a.txt": f"S Goose|{GOOSE}"})
    analyse(settings, "a-2")
    ((new,),) = publish_and_ask(settings, "select event_id from marts.events")
    changes = "select event_id, became_event_id, kind, stories, moved from marts.event_changes"
    assert publish_and_ask(settings, changes) == [(old, new, "renamed", 3, 2)]


def test_an_outlet_is_so_many_hours_behind_the_first(settings):
    land_files(settings.lake, run_at(0), {"a.txt": f"S Ferry aground|{FERRY}"})
    land_files(settings.lake, run_at(90), {"b.txt": f"S Saved|{AGROUND}\nO Sund Press"})
    analyse(settings, "a-1")
    outlets = "select outlet, stories, hours_behind, relation from marts.outlet_events"
    assert publish_and_ask(settings, f"{outlets} order by hours_behind") == [
        ("Herald", 1, 0.0, "original"),
        ("Sund Press", 1, 1.5, "original"),
    ]
