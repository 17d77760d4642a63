"""What an outlet left out, and what arrived on a day."""

from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse
from tests.warehouse.readers import publish_and_ask
from tests.warehouse.test_events import AGROUND, FERRY, GOOSE

GAPS = "select headline, outlets, outlet, other_stories from marts.coverage_gaps"


def test_an_outlet_that_published_but_not_about_an_event_has_a_gap(settings):
    pages = {
        "a.txt": f"S Ferry runs aground|{FERRY}",
        "b.txt": f"S Ferry aground|{FERRY}\nO Sund Press",
        "c.txt": f"S Passengers saved from ferry|{AGROUND}\nO Pier Post",
        "d.txt": f"S Goose|{GOOSE}\nO Dull Echo",
    }
    land_files(settings.lake, run_at(0), pages)
    land_files(settings.lake, run_at(4000), {"e.txt": "S Fish|Fish is dear.\nO Late Times"})
    analyse(settings, "a-1")
    ((_, *gap),) = publish_and_ask(settings, GAPS)
    assert gap == [3, "Dull Echo", 1]


def test_two_outlets_are_too_few_for_a_gap(settings):
    pages = {
        "a.txt": f"S Ferry runs aground|{FERRY}",
        "b.txt": f"S Ferry aground|{FERRY}\nO Sund Press",
        "d.txt": f"S Goose|{GOOSE}\nO Dull Echo",
    }
    land_files(settings.lake, run_at(0), pages)
    analyse(settings, "a-1")
    assert publish_and_ask(settings, GAPS) == []


def test_a_digest_counts_a_day_and_names_what_is_new_copied_and_waiting(settings):
    pages = {
        "a.txt": f"S Ferry runs aground|{FERRY}",
        "d.txt": "Q Bad *news*|Too bad.",
    }
    land_files(settings.lake, run_at(0), pages)
    land_files(settings.lake, run_at(1), {"b.txt": f"S Ferry aground|{FERRY}\nO Sund Press"})
    analyse(settings, "a-1")
    ((text, *counts),) = publish_and_ask(
        settings,
        "select markdown, stories, outlets, new_events, copied_texts, waiting from marts.digest",
    )
    assert counts == [2, 2, 1, 1, 1]
    assert text.startswith("# 2026-11-21\n\n2 stories landed from 2 outlets; 0 flagged, 1 waiting")
    assert "## New events\n\n- Ferry runs aground: 2 stories, 2 outlets\n" in text
    assert "## Most copied\n\n- Ferry runs aground: 2 stories, 2 outlets\n" in text
    assert "## Waiting for a person\n\n- Bad \\*news\\* (d.txt): " in text


def test_no_mark_of_a_headline_reaches_the_digest(settings):
    hostile = "<img src=x onerror=alert(1)> [a](javascript:b) `c` # \x1b[31m\u202e &lt;"
    land_files(settings.lake, run_at(0), {"a.txt": f"Q {hostile}|Too bad."})
    ((text,),) = publish_and_ask(settings, "select markdown from marts.digest")
    assert "\\<img src=x onerror=alert(1)\\> \\[a\\](javascript:b) \\`c\\` \\#" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\&lt;" in text
