"""The README says what is so."""

import re
from pathlib import Path

from include.config.settings import ROOT
from include.terminal.readme_example import BLOCK, render_example

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_what_a_run_prints() -> None:
    shown = BLOCK.search(TEXT)
    assert shown is not None
    assert shown.group() == render_example(), "run `make docs`"


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_make_target_that_is_told_of_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.M))
    assert told <= targets


def test_no_machine_is_named() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert not re.search(r"/(?:root|work|home/\w+)/", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_every_command_has_a_place_in_the_readme() -> None:
    source = Path(ROOT / "include" / "__main__.py").read_text(encoding="utf-8")
    for command in re.findall(r'add\("(\w+)"', source):
        assert f"include {command}" in TEXT or command == "split", command
