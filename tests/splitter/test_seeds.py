"""The five real pages and the hostile ones, through the interfaces a user calls."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from include.config.settings import Settings
from include.intake.decoding.decode import decode_text
from include.intake.decoding.metadata import SIDECAR
from include.model import Split
from include.splitter.split import split_pages
from include.terminal.pages import open_reader
from tests import sample

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no labelled pages here")


def split_file(path: Path) -> Split:
    decoded = decode_text(path.read_bytes())
    outcome = "taken" if decoded.text is not None else "rejected"
    page = {"page_id": ["0" * 64], "name": [path.name], "outcome": [outcome]}
    return split_pages(pa.table({**page, "text": pa.array([decoded.text], pa.string())}))


@needs_shared
def test_the_seeds_give_their_twelve_stories_and_no_chrome(tmp_path: Path) -> None:
    gold = SHARED / "eval" / "seeds_gold.jsonl"
    split, figures = tmp_path / "split.jsonl", tmp_path / "figures.json"
    command = [sys.executable, "-m", "include", "split", str(gold), str(split)]
    subprocess.run(command, check=True, cwd=ROOT, timeout=120)
    score = [sys.executable, str(SHARED / "eval" / "score.py"), str(split), str(gold)]
    subprocess.run([*score, "--json", str(figures)], check=True, capture_output=True, timeout=120)
    overall = json.loads(figures.read_text())["overall"]
    assert overall["pred_stories"] == overall["gold_stories"] == 12
    assert overall["story_F1"] == overall["headline_acc"] == 1.0
    assert overall["leak_nonbody"] == 0.0
    assert overall["body_F1"] == 1.0


def split_samples() -> dict[str, list[str]]:
    """Give the headlines of each page and record of the sample inbox, read as intake reads them."""
    with open_reader(Settings()) as reader:
        files = (file for file in sorted(sample.INBOX.iterdir()) if not file.name.endswith(SIDECAR))
        members = [member for file in files for member in reader.read_members(file)]
    rows = [
        {
            "page_id": f"{number:064}",
            "name": Path(member.name).name,
            "outcome": "taken",
            "text": text,
        }
        for number, member in enumerate(members)
        if (text := member.text) is not None
    ]
    stories = split_pages(pa.Table.from_pylist(rows)).stories.to_pylist()
    return {
        row["name"]: [s["headline"] for s in stories if s["page_id"] == row["page_id"]]
        for row in rows
    }


def test_each_sample_page_gives_its_expected_stories() -> None:
    expected = {
        name: page["stories"] + page.get("quarantined", [])
        for name, page in sample.EXPECTED.items()
        if page["outcome"] == "landed"
    }
    assert split_samples() == expected


def nasty() -> list[dict[str, object]]:
    path = SHARED / "nasty" / "expected.jsonl"
    if not path.is_file():
        return []
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["outcome"] == "accept"]


@pytest.mark.parametrize("row", nasty(), ids=lambda row: str(row["file"]))
def test_a_nasty_page_gives_its_stories(row: dict[str, object]) -> None:
    stories = split_file(SHARED / "nasty" / "cases" / str(row["file"])).stories.to_pylist()
    # 21: one story without headline. 47: two stories of equal text_hash. See docs/intake.md.
    policy = {"21_10MB_single_line.txt": 1, "47_same_story_twice.txt": 2}
    assert len(stories) == policy.get(str(row["file"]), row["stories"])
    if stories:
        assert stories[0]["headline"] == row["headline"]


@needs_shared
def test_the_same_story_twice_in_a_page_is_two_stories_of_one_text() -> None:
    stories = split_file(SHARED / "nasty" / "cases" / "47_same_story_twice.txt").stories.to_pylist()
    assert len({story["text_hash"] for story in stories}) == 1
    assert len({story["story_id"] for story in stories}) == 2


@needs_shared
def test_odd_separators_stand_inside_a_paragraph() -> None:
    (story,) = split_file(SHARED / "nasty" / "cases" / "06_odd_separators.txt").stories.to_pylist()
    assert story["body"].count("\n\n") == 3


@needs_shared
def test_wrapped_lines_are_one_paragraph() -> None:
    (story,) = split_file(SHARED / "nasty" / "cases" / "50_hard_wrapped.txt").stories.to_pylist()
    assert story["body"].count("\n\n") == 3
    assert "allow a night ferry" in story["body"]
