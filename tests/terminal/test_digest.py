"""The command `digest`: Markdown of a day, and a page that loads and runs nothing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.errors import NotFound, UsageWrong
from include.pipeline import steps
from include.terminal.digest import run_digest
from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse
from tests.warehouse.test_events import AGROUND, FERRY

HOSTILE = (
    "<script>alert(1)</script> <img src=http://x.invalid onerror=a()> {{ 7 * 7 }} \u202e\x1b[31m"
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("digest")
    settings = replace(Settings(), home=home)
    pages = {
        "a.txt": f"S {HOSTILE}|{FERRY}\nO {HOSTILE}",
        "b.txt": f"S {HOSTILE}|{AGROUND}\nO Sund Press",
        "c.txt": f"Q {HOSTILE}|Too bad.",
    }
    land_files(settings.lake, run_at(0), pages)
    land_files(settings.lake, run_at(1), {"d.txt": f"S {HOSTILE}|{FERRY}\nO Pier Post"})
    analyse(settings, "a-1")
    steps.publish(settings)
    return settings


def test_the_newest_day_is_printed_as_markdown(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_digest(settings, None, None) == 0
    assert capsys.readouterr().out.startswith("# 2026-11-21\n\n3 stories landed from 3 outlets;")


def test_a_page_shows_the_day_and_holds_no_word_of_a_story_as_markup(
    settings: Settings, tmp_path: Path
) -> None:
    assert run_digest(settings, "2026-11-21", tmp_path / "day.html") == 0
    page = (tmp_path / "day.html").read_text(encoding="utf-8")
    assert "Saturday, November 21, 2026" in page
    for section in ("What needs a person", "New events", "Most copied texts", "Outlets"):
        assert f"<h2>{section}</h2>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert not re.search(r"<(?:script|img|link|iframe)|\bsrc=[\"']|url\(|@import", page)
    assert "default-src 'none'" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", page)


def test_a_day_without_a_story_is_named_with_the_newest(settings: Settings) -> None:
    with pytest.raises(NotFound, match="2026-11-21"):
        run_digest(settings, "2026-01-01", None)
    with pytest.raises(UsageWrong, match="ISO 8601"):
        run_digest(settings, "today", None)
