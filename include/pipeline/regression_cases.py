"""
Export corrected pages as regression cases for the splitter, and check cases: each is a page, its
corrections, and the stories that both give.

A page's correction gives one case. An outlet's correction gives a case for each of the newest pages
that it changes, up to `PATTERN_PAGES`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.config.commands import format_command
from include.config.settings import Settings
from include.errors import NotFound
from include.intake.decoding.page import reread_text
from include.lake.decisions.chrome_book import read_book
from include.lake.decisions.decisions import read_overrides
from include.lake.reading.recall import Choice, choose_pages, list_splits, read_recalled
from include.review.corrections import FACTS, Page, Word, describe, read_corrections
from include.schema.lake import OVERRIDES
from include.splitter.chrome_book.book import ChromeBook, open_book
from include.splitter.inspect_page import number_lines, shows_line
from include.splitter.overrides import NO_OVERRIDES, Overrides, open_overrides
from include.splitter.roles.reasons import REASONS
from include.splitter.split import split_pages

EXPECTED = ("headline", "body")  # the columns of a story that a case records
PAGE, CORRECTIONS, STORIES, WHY = "page.txt", "corrections.txt", "stories.json", "why.md"
OUTLET = "outlet.txt"  # only if the page was delivered with one: an outlet's corrections match it
PATTERN_PAGES = 3  # cases per correction of an outlet
LOOKED_AT = 1000  # newest pages of an outlet to search: each is read and decoded
AT_ONCE = 50

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A checked case: whether the splitter is right without the corrections, and with them."""

    name: str
    right_alone: bool
    right_corrected: bool


@dataclass(frozen=True)
class Exported:
    """Folders of the cases, and a line for each correction that gave none, which says why."""

    written: list[Path] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def export_cases(settings: Settings, target: Path) -> Exported:
    """
    Write a case for each corrected page: the page, its corrections, its stories, and the notes.

    A page that was revised since is written as it was when it was last split. The texts belong to
    their publishers, so they are written to the caller's folder and never become part of the
    project.
    """
    book = open_book(read_book(settings.lake).lines)
    held, exported = [], Exported()
    for override in read_overrides(settings.lake).to_pylist():
        if override["action"] in FACTS:
            why = "a fact may be known from elsewhere, so it is no case of the splitter"
            exported.left.append(f"{override['source_name']}: {describe(override)}: {why}")
        else:
            held.append(override)
    patterns = [override for override in held if override["pattern"]]
    pages: dict[str, Row] = {}
    by_page: dict[str, list[Row]] = {}
    for override in held:
        if override["pattern"]:
            examples = _find_examples(settings, override, book)
            why = f"it changes no line of the outlet's newest {LOOKED_AT} pages"
        else:
            known = pages.get(override["page_id"])
            examples = [known] if known else _read_kept(settings, override["page_id"])
            why = "the page's bytes are no longer in the lake"
        if not examples:
            where = f"{override['source_name']}: " if override["source_name"] else ""
            exported.left.append(f"{where}{describe(override)}: {why}")
        for page in examples:
            pages[page["page_id"]] = page
            by_page.setdefault(page["page_id"], []).append(override)
    for page_id, page in sorted(pages.items()):
        own = by_page[page_id]
        also = [o for o in patterns if o not in own and _applies(page, o, book)]
        overrides = [override for override in held if override in own or override in also]
        exported.written.append(_write_case(target, page, overrides, book))
    return exported


def check_cases(settings: Settings, target: Path) -> Iterator[Case]:
    """
    Split each case of a folder without and with its corrections, and compare with its stories.

    Raises:
        NotFound: the folder holds no case.
    """
    folders = sorted(path.parent for path in target.glob(f"*/{STORIES}"))
    if not folders:
        write = format_command(settings, ["cases", "export", "FOLDER"])
        raise NotFound("cases", str(target), f"Write them: `{write}`.")
    book = open_book(read_book(settings.lake).lines)
    for folder in folders:
        with (folder / PAGE).open(encoding="utf-8", newline="") as source:
            text = source.read()
        named = folder / OUTLET
        outlet = named.read_text(encoding="utf-8").strip() if named.exists() else None
        expected = json.loads((folder / STORIES).read_text(encoding="utf-8"))
        overrides = _as_overrides(text, (folder / CORRECTIONS).read_text(encoding="utf-8"))
        alone = _split(text, outlet, book, NO_OVERRIDES)
        as_corrected = _split(text, outlet, book, overrides)
        yield Case(folder.name, alone == expected, as_corrected == expected)


def _read_kept(settings: Settings, page_id: str) -> list[Row]:
    """Read a page, current or not, from the bytes of its newest split; [] if they are gone."""
    for run_id, day in list_splits(settings.lake, page_id):
        for rows in read_recalled(settings.lake, day, [(page_id, run_id)], reread_text):
            return list(rows.to_pylist())
    return []


def _find_examples(settings: Settings, override: Row, book: ChromeBook) -> list[Row]:
    """Find the newest current pages of an outlet on which its correction changes a line."""
    choice = Choice(outlets=frozenset({override["outlet"]}))
    keys = choose_pages(settings.lake, choice).rows()  # page_id, run_id, ingest_day
    newest = sorted(keys, key=lambda key: (-key[2].toordinal(), key[0]))[:LOOKED_AT]
    by_day: dict[date, list[tuple[str, str]]] = {}
    for page_id, run_id, day in newest:
        by_day.setdefault(day, []).append((page_id, run_id))
    examples: list[Row] = []
    for day, pages in by_day.items():
        for begin in range(0, len(pages), AT_ONCE):
            some = pages[begin : begin + AT_ONCE]
            tables = read_recalled(settings.lake, day, some, reread_text)
            read = [page for table in tables for page in table.to_pylist()]
            matching = [page for page in read if _applies(page, override, book)]
            examples += sorted(matching, key=lambda page: str(page["page_id"]))
            if len(examples) >= PATTERN_PAGES:
                return examples[:PATTERN_PAGES]
    return examples


def _applies(page: Row, override: Row, book: ChromeBook) -> bool:
    """Say whether an outlet's correction changes a line of a page."""
    if not shows_line(page["text"], override["pattern"]):
        return False
    alone = pa.Table.from_pylist([override], schema=OVERRIDES.schema())
    split = split_pages(_as_pages(page["text"], page["outlet"]), book, None, open_overrides(alone))
    reasons = [reason for story in split.stories["reasons"].to_pylist() for reason in story]
    return REASONS["review"] in (*reasons, *split.chrome["reason"].to_pylist())


def _write_case(target: Path, page: Row, overrides: Sequence[Row], book: ChromeBook) -> Path:
    folder = target / _name_case(page["name"], page["page_id"])
    folder.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(describe(override) for override in overrides)
    stories = _split(page["text"], page["outlet"], book, _as_overrides(page["text"], lines))
    notes = dict.fromkeys(override["note"] for override in overrides if override["note"])
    (folder / PAGE).write_text(page["text"], encoding="utf-8", newline="")
    (folder / CORRECTIONS).write_text(lines + "\n", encoding="utf-8")
    (folder / OUTLET).unlink(missing_ok=True)
    if page["outlet"]:
        (folder / OUTLET).write_text(page["outlet"], encoding="utf-8")
    (folder / STORIES).write_text(
        json.dumps(stories, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / WHY).write_text("; ".join(notes or ["corrected by review"]) + "\n", "utf-8")
    return folder


def _as_overrides(text: str, corrections: str) -> Overrides:
    page = Page("", "", number_lines(text))
    return open_overrides(read_corrections(corrections, [page], Word("", datetime.min)))


def _as_pages(text: str, outlet: str | None) -> pa.Table:
    page = {"page_id": "", "name": "", "outcome": "taken", "text": text, "outlet": outlet}
    schema = pa.schema([(name, pa.string()) for name in page])
    return pa.Table.from_pylist([page], schema=schema)


def _split(
    text: str, outlet: str | None, book: ChromeBook, overrides: Overrides
) -> list[Mapping[str, Any]]:
    split = split_pages(_as_pages(text, outlet), book, overrides=overrides)
    stories: list[Mapping[str, Any]] = split.stories.select(list(EXPECTED)).to_pylist()
    return stories


def _name_case(name: str, page_id: str) -> str:
    """Give a folder name that is safe whatever the file is called."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{slug or 'page'}_{page_id[:8]}"
