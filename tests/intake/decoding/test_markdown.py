import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.intake.decoding.markdown import is_markdown
from tests.intake.archives.test_unpack import take

DUMP = """[Skip to main content](#main)

[![Sund Press](https://a.invalid/logo.png)](https://a.invalid/)

- [Home](https://a.invalid/)
- [News](https://a.invalid/news)

# The quay gets its first **night ferry**

By [Ida Marrow](https://a.invalid/ida) | 3 March 2026

![A ferry](https://a.invalid/ferry.jpg)
*A ferry waits. Photo: P. Lind*

The [council](https://a.invalid/c "the council") said so
on two lines.

## Who pays?

> “It was a good ferry,” said **Greta Holloway**.
"""


def row_of(inbox: Path, text: str) -> dict:
    (inbox / "a.md").write_text(text)
    return take(inbox)[0]["a.md"]


def test_a_crawler_s_dump_is_read_without_marks_links_and_images(tmp_path: Path) -> None:
    row = row_of(tmp_path, DUMP)
    lines = [line.strip() for line in row["text"].splitlines() if line.strip()]
    assert lines == [
        "Skip to main content", "Home", "News", "The quay gets its first night ferry",
        "By Ida Marrow | 3 March 2026", "A ferry waits. Photo: P. Lind", "The council said so",
        "on two lines.", "Who pays?", "“It was a good ferry,” said Greta Holloway.",
    ]  # fmt: skip
    assert (row["media_type"], row["title"]) == ("markdown", "The quay gets its first night ferry")


def test_markdown_in_a_record_is_read_as_markdown(tmp_path: Path) -> None:
    row = row_of(tmp_path, json.dumps({"text": DUMP, "title": "Told"}))
    assert "](" not in row["text"]
    assert (row["media_type"], row["text_from"], row["title"]) == ("json", "text/markdown", "Told")


def test_front_matter_gives_facts_and_is_no_text(tmp_path: Path) -> None:
    matter = "---\ntitle: 'Ferry: a vote'\nauthor: Ida Marrow\ndate: 2026-03-04\n---\nThe text.\n"
    row = row_of(tmp_path, matter)
    assert row["text"].strip() == "The text."
    assert (row["title"], row["author"]) == ("Ferry: a vote", "Ida Marrow")
    assert row["title_source"] == "markdown"
    assert row["published_at"] == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "# A heading\n\nText.", "A heading\n=========\n\nText.", "# A bare heading",
        "Text ![x](https://a.invalid/x.png)\n\n## More\n", "---\ntitle: x\n---\n",
        "[a](/a) [b](/b) [c](https://c.invalid)",
    ],
)  # fmt: skip
def test_markdown_is_recognised(text: str) -> None:
    assert is_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "Plain text.\n\nMore of it.", "#metoo was the word of the day.", "# 1 in the charts",
        "One [link](https://a.invalid) alone.", "---\n\nA rule above.\n\n---\n", "a * b * c",
        "- a list\n- of things", "Score:\n1 - 0\n=\n", "See [1] and [2] (both).",
    ],
)  # fmt: skip
def test_plain_text_is_not_taken_for_markdown(text: str) -> None:
    assert not is_markdown(text)


@pytest.mark.parametrize("unit", ["> ", "[", "![a](", "*", "`", "- ", "<a ", "---\n", "_a ", "\\"])
def test_repeated_marks_end(tmp_path: Path, unit: str) -> None:
    row = row_of(tmp_path, "# Head\n\n" + unit * 20_000 + "end\n")
    assert row["outcome"] in ("taken", "rejected")
