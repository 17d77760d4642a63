"""The README and the docs match the code."""

import re
from pathlib import Path

from include.config.settings import ROOT
from include.terminal.readme_example import BLOCK, render_example

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_what_a_run_prints() -> None:
    shown = BLOCK.search(TEXT)
    assert shown is not None
    assert shown.group() == render_example(), "run `python -m include.terminal.readme_example`"


def test_links_in_docs_point_to_existing_files() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    mentioned = set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.M))
    assert mentioned <= targets


def test_docs_name_no_path_of_a_developers_machine() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert not re.search(r"/(?:root|work|home/\w+)/", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_every_command_has_a_place_in_the_readme() -> None:
    source = Path(ROOT / "include" / "terminal" / "parser.py").read_text(encoding="utf-8")
    for command in re.findall(r'add\("(\w+)"', source):
        assert f"include {command}" in TEXT or command == "split", command
