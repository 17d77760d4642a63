"""
Correcting: overrides made at a terminal, and the cases they become for the splitter's next version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.columns import OVERRIDES
from include.commands import tell_command
from include.errors import NotFound
from include.intake.page import reread_text
from include.lake.book import read_book
from include.lake.decisions import add_decisions, read_overrides
from include.lake.recall import find_page, read_recalled
from include.review.corrections import Page, Word, describe, read_corrections
from include.reviewing import edit_again, read_page
from include.settings import Settings
from include.stories.book import open_book
from include.stories.overrides import NO_OVERRIDES, Overrides, check_pattern, open_overrides
from include.stories.page import number_lines
from include.stories.split import split_pages

EXPECTED = ("headline", "body")  # of each story: what a person sees
PAGE, CORRECTIONS, STORIES, WHY = "page.txt", "corrections.txt", "stories.json", "why.md"


@dataclass(frozen=True)
class Case:
    """A page that was corrected, as a case of the splitter: is it right alone, and as corrected?"""

    name: str
    right_alone: bool
    right_corrected: bool


def correct(settings: Settings, words: Sequence[str], page: str | None, word: Word) -> pa.Table:
    """
    Write corrections to the lake; give those that were not there yet.

    Args:
        page: a page_id, or a file's name in its inbox or the end of it; None for an outlet's pages.
    Raises:
        NotFound: no such page stands. UsageWrong: a correction cannot be read.
        LakeLocked: a run is landing.
    """
    pages = [read_page(settings, *find_page(settings.lake, page))] if page else []
    overrides = read_corrections("\n".join(words), pages, word)
    for pattern in overrides["pattern"].drop_null().to_pylist():
        check_pattern(pattern)
    return add_decisions(settings.lake, OVERRIDES, overrides, {})


def withdraw(settings: Settings, override_id: str, word: Word) -> pa.Table:
    """
    Withdraw an override; pages split from now on follow it no more.

    Raises:
        NotFound: no override of that id holds.
    """
    held = [o for o in read_overrides(settings.lake).to_pylist() if o["override_id"] == override_id]
    if not held:
        ids = tell_command(settings, ["correct", "--list"])
        raise NotFound("override", override_id, f"`{ids}` has their ids.")
    said = {"is_withdrawn": True, "made_by": word.made_by, "made_at": word.made_at}
    rows = pa.Table.from_pylist([{**held[0], **said}], schema=OVERRIDES.schema())
    return add_decisions(settings.lake, OVERRIDES, rows, {})


def edit_corrected(
    settings: Settings,
    overrides: pa.Table,
    run_id: str,
    now: datetime,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> dict[str, Any] | None:
    """
    Split the pages of overrides again and land them; publish what was said; give the row of `runs`.

    None where no page is named that stands: what was said is published, and waits for a split.
    Args:
        now: when the run begins. clock: asked when it lands.
    """
    from include import steps
    from include.receipts import read_receipt

    row: dict[str, Any] | None = None
    pages = frozenset(overrides["page_id"].drop_null().to_pylist())
    gated = edit_again(settings, run_id, now, pages) if pages else None
    if gated is not None:
        row = read_receipt(steps.land(settings, gated, clock()), "land")["run"]
    steps.publish(settings)
    return row


def export_cases(settings: Settings, target: Path) -> list[Path]:
    """
    Write every corrected page as a case: its text, the corrections, the stories they give, and why.

    The texts are the publishers': the folder is the caller's, and no part of the project.
    """
    by_page: dict[str, list[dict[str, Any]]] = {}
    for override in read_overrides(settings.lake).to_pylist():
        if override["page_id"]:
            by_page.setdefault(override["page_id"], []).append(override)
    written = []
    for page_id, overrides in sorted(by_page.items()):
        key = find_page(settings.lake, page_id)
        (page,) = next(read_recalled(settings.lake, key[2], [key[:2]], reread_text)).to_pylist()
        folder = target / _name_case(page["name"], page_id)
        folder.mkdir(parents=True, exist_ok=True)
        said = "\n".join(describe(override) for override in overrides)
        stories = _split(settings, page["text"], _as_overrides(page["text"], said))
        notes = [override["note"] for override in overrides if override["note"]]
        (folder / PAGE).write_text(page["text"], encoding="utf-8", newline="")
        (folder / CORRECTIONS).write_text(said + "\n", encoding="utf-8")
        (folder / STORIES).write_text(
            json.dumps(stories, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        (folder / WHY).write_text("; ".join(notes or ["corrected by review"]) + "\n", "utf-8")
        written.append(folder)
    return written


def check_cases(settings: Settings, target: Path) -> Iterator[Case]:
    """
    Split every case of a folder, alone and as corrected, and hold both against what is expected.

    Raises:
        NotFound: the folder holds no case.
    """
    folders = sorted(path.parent for path in target.glob(f"*/{STORIES}"))
    if not folders:
        write = tell_command(settings, ["cases", "export", "FOLDER"])
        raise NotFound("cases", str(target), f"Write them: `{write}`.")
    for folder in folders:
        with (folder / PAGE).open(encoding="utf-8", newline="") as source:
            text = source.read()
        expected = json.loads((folder / STORIES).read_text(encoding="utf-8"))
        said = _as_overrides(text, (folder / CORRECTIONS).read_text(encoding="utf-8"))
        alone = _split(settings, text, NO_OVERRIDES)
        yield Case(folder.name, alone == expected, _split(settings, text, said) == expected)


def _as_overrides(text: str, said: str) -> Overrides:
    page = Page("", "", number_lines(text))
    return open_overrides(read_corrections(said, [page], Word("", datetime.min)))


def _split(settings: Settings, text: str, overrides: Overrides) -> list[dict[str, Any]]:
    page = pa.table({"page_id": [""], "name": [""], "outcome": ["taken"], "text": [text]})
    book = open_book(read_book(settings.lake).lines)
    found = split_pages(page, book, overrides=overrides).stories
    stories: list[dict[str, Any]] = found.select(list(EXPECTED)).to_pylist()
    return stories


def _name_case(name: str, page_id: str) -> str:
    """Give a folder's name that no file name can lead elsewhere."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{slug or 'page'}_{page_id[:8]}"
