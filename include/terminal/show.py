"""The command `show`: print pages as the splitter reads them, every line with role and story."""

from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from rich.console import Console
from rich.text import Text

from include.config.commands import format_command
from include.config.settings import Settings
from include.model import BLANKS
from include.splitter.chrome_book.book import EMPTY_BOOK, ChromeBook
from include.splitter.overrides import Overrides
from include.splitter.split import name_pieces, split_pages
from include.splitter.stories.assemble import BODY, PARTS
from include.terminal.page_layout import NO_STORY, Entry, isolate, lay_out
from include.terminal.pages import Member, open_reader, text_of
from include.text import pluralize, sanitize

COLOURS = {
    "headline": "bold cyan", "body": "default", "list": "default", "caption": "magenta",
    "deck": "cyan", "subhead": "cyan", "byline": "green", "dateline": "green", "credit": "green",
    "tags": "green", "table": "green",
}  # fmt: skip
CHROME = "bright_black"
MEMBERS_SHOWN = 50
SURE = 0.9  # below, a story's confidence is shown in yellow


def show_page(
    settings: Settings,
    file: Path,
    console: Console,
    reasons: bool = False,
    book: ChromeBook = EMPTY_BOOK,
    book_version: int = 0,
) -> int:
    """
    Print a page: line number, story number, role, text; with `reasons`, the reason for the role.

    For an archive or a file of records, list its pages, or show the only one.

    Raises:
        NotFound: there is no such file, or it is not text.
    """
    with open_reader(settings) as reader:
        if file.is_file():
            members = list(islice(reader.read_members(file), MEMBERS_SHOWN + 1))
            is_page = [member.name for member in members] == [str(file)] and members[0].page
            if not is_page and (len(members) != 1 or members[0].text is None):
                _list_members(settings, file, members, console)
                return 0
            decoded, file = text_of(members[0]).decoded, Path(members[0].name)
        else:
            decoded = reader.read_page(file).decoded
    pages = pl.DataFrame(
        {"page": [0], "text": [decoded.text]}, schema_overrides={"page": pl.UInt32}
    )
    pieces, _ = name_pieces(pages, book)
    stories = split_texts({file.name: decoded.text or ""}, book)
    numbers = _story_numbers(pieces)
    for row in lay_out(_entries(pieces, numbers), console, reasons):
        console.print(row, soft_wrap=True, highlight=False)
    console.print()
    for story in stories:
        line = _describe_story(story, reasons, console.is_terminal)
        console.print(line, highlight=False, soft_wrap=True)
    console.print(_summarize(file, decoded.encoding, pieces, len(numbers)), highlight=False)
    if book_version:
        console.print(f"split with chrome book {book_version}", highlight=False)
    return 0


def _list_members(settings: Settings, file: Path, members: list[Member], console: Console) -> None:
    """List an archive's members, and the command that shows one of its pages."""
    members_inside = sum(member.name != str(file) for member in members)
    count = f"more than {MEMBERS_SHOWN}" if members_inside > MEMBERS_SHOWN else f"{members_inside}"
    console.print(Text(f"{sanitize(str(file))}: {count} in it"), soft_wrap=True)
    for member in members[:MEMBERS_SHOWN]:
        why = "" if member.text is not None else f"  not taken: {member.reason}"
        line = Text.assemble("  ", sanitize(member.name), (sanitize(why), "yellow"))
        console.print(line, soft_wrap=True)
    shown = (member.name for member in members if member.text is not None)
    one = next((name for name in shown if sanitize(name) == name), None)
    if one is not None:
        look = format_command(settings, ["show", one])
        console.print(Text(f"one of them: {look}", style="dim"), soft_wrap=True)
    history = sanitize(format_command(settings, ["why", file.name]))
    console.print(Text(f"what happened to them: {history}", style="dim"), soft_wrap=True)


def show_text(
    page: dict[str, Any], console: Console, book: ChromeBook, overrides: Overrides
) -> None:
    """Print the lines of a page from the lake, with reasons; page: page_id, text and outlet."""
    frame = pl.DataFrame(
        {name: [page[name]] for name in ("page_id", "text", "outlet")} | {"page": [0]},
        schema_overrides={"page": pl.UInt32, "outlet": pl.String},
    )
    pieces, _ = name_pieces(frame, book, overrides=overrides)
    for row in lay_out(_entries(pieces, _story_numbers(pieces)), console, reasons=True):
        console.print(row, soft_wrap=True, highlight=False)


def split_texts(texts: dict[str, str], book: ChromeBook = EMPTY_BOOK) -> list[dict[str, Any]]:
    """Split texts, given by name; return their stories (columns of `lake.STORY_PARTS`) in order."""
    pages = pa.table(
        {
            "page_id": [str(number) for number in range(len(texts))],
            "name": list(texts),
            "outcome": ["taken"] * len(texts),
            "text": pa.array(texts.values(), pa.string()),
        }
    )
    stories: list[dict[str, Any]] = split_pages(pages, book).stories.to_pylist()
    return stories


def _story_numbers(pieces: pl.DataFrame) -> dict[int, int]:
    """Number the stories that have a body, from 1, like `story_no`."""
    stories = pieces.filter((pl.col("story") >= 0) & pl.col("role").is_in(BODY))["story"]
    return {story: number for number, story in enumerate(stories.unique(maintain_order=True), 1)}


def _entries(pieces: pl.DataFrame, numbers: dict[int, int]) -> list[Entry]:
    entries = []
    for piece in pieces.iter_rows(named=True):
        number = numbers.get(piece["story"]) if piece["role"] in PARTS else None
        colour = COLOURS.get(piece["role"], CHROME) if number else CHROME
        role = piece["role"] if number or piece["role"] not in PARTS else "other"
        line, story = str(piece["line_no"]), str(number or NO_STORY)
        entries.append(Entry(line, story, role, piece["text"], piece["reason"], colour))
    return entries


def _describe_story(story: dict[str, Any], reasons: bool, is_bidi: bool) -> Text:
    """
    Describe a story in one line; with `reasons`, add why it is one.

    Args:
        is_bidi: the terminal may reorder right-to-left text.
    """
    sure = story["confidence"]
    line = Text(f"story {story['story_no']}  ", style="bold")
    line.append(f"{sure:.2f} sure", style="green" if sure >= SURE else "yellow")
    when = story["published_at"]
    if when:
        clock = "" if story["published_precision"] == "day" else f"{when: %H:%M} UTC"
        line.append(f"  {when:%Y-%m-%d}{clock}")
    for word in (story["language"], story["byline"], story["outlet"], *story["agencies"]):
        shown = sanitize(word or "")
        line.append(f"  {isolate(shown) if is_bidi else shown}" if shown else "")
    line.append(f"  {pluralize(story['words'], 'word')}", style="dim")
    for reason in story["reasons"] if reasons else ():
        line.append(f"\n  ↳ {reason}", style="dim italic")
    return line


def _summarize(file: Path, encoding: str | None, pieces: pl.DataFrame, stories: int) -> Text:
    bodies = pieces.filter(pl.col("role").is_in(BODY) & (pl.col("story") >= 0))
    chars = int(pieces["text"].str.replace_all(BLANKS, "").str.len_chars().sum() or 0)
    body = int(bodies["text"].str.replace_all(BLANKS, "").str.len_chars().sum() or 0)
    name, counted = sanitize(file.name), pluralize(stories, "story")
    return Text(f"{name}: {counted}; {body:,} of {chars:,} characters are body; {encoding}")
