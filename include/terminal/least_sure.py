"""List the stories of lowest confidence, each with the command that shows its page."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from include.config.commands import format_command
from include.config.settings import Settings
from include.errors import NotFound, UsageWrong
from include.lake.decisions.chrome_book import read_book
from include.splitter.chrome_book.book import open_book
from include.terminal.page_layout import isolate
from include.terminal.pages import open_reader
from include.terminal.show import show_page, split_texts
from include.text import pluralize, sanitize
from include.warehouse.read import least_sure

Story = dict[str, Any]
NUMBER = re.compile(r"[+-]?\d+")  # a file with such a name is given as ./7
COUNT = 10  # stories listed by default


def show_asked(
    settings: Settings, files: list[Path], asked: str | None, console: Console, reasons: bool
) -> int:
    """
    Run the command `show`: print pages, or the least sure stories.

    Args:
        asked: the word after --least-sure: a number, or a first file; None without that option.
    Raises:
        UsageWrong: neither files nor --least-sure were given, or a number below 1.
    """
    if asked is None and not files:
        raise UsageWrong("files", [], "Name a page, or ask for --least-sure.")
    if asked is None:
        stored = read_book(settings.lake)
        for file in files:
            show_page(settings, file, console, reasons, open_book(stored.lines), stored.version)
        return 0
    is_count = NUMBER.fullmatch(asked) is not None
    count = int(asked) if is_count else COUNT
    if count < 1:
        raise UsageWrong("--least-sure", asked, "Give a number of 1 or more.")
    named = files if is_count else [Path(asked), *files]
    if named:
        return show_least_sure_of(settings, named, count, console)
    return show_least_sure(settings, count, console)


def show_least_sure(settings: Settings, count: int, console: Console) -> int:
    """
    Print the least sure current stories of the warehouse.

    Raises:
        WarehouseMissing: nothing was published yet.
    """
    rows: list[Story] = least_sure(settings.warehouse, count).to_pylist()
    if not rows:
        console.print("the warehouse holds no story: ingest a folder first")
        return 0
    for row in rows:
        file = Path(row["inbox"] or "") / row["source_name"]
        still = bool(row["inbox"]) and file.is_file()
        look = ["show", str(file), "--reasons"] if still else ["why", row["story_id"]]
        console.print(
            _story(row, format_command(settings, look), console.is_terminal), soft_wrap=True
        )
    return 0


def show_least_sure_of(
    settings: Settings, files: Sequence[Path], count: int, console: Console
) -> int:
    """
    Split files, or all files of folders, and print their least sure stories.

    Raises:
        NotFound: a file or folder does not exist.
    """
    texts = dict(_read_texts(settings, files))
    all_stories = split_texts(texts, open_book(read_book(settings.lake).lines))
    stories = sorted(all_stories, key=lambda story: story["confidence"])
    for story in stories[:count]:
        look = format_command(settings, ["show", story["source_name"], "--reasons"])
        console.print(_story(story, look, console.is_terminal), soft_wrap=True)
    counts = f"{pluralize(len(stories), 'story')} on {pluralize(len(texts), 'page')}"
    console.print(counts, highlight=False, style="dim")
    return 0


def _read_texts(settings: Settings, files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield each page's name and text, folders in name order; skip hidden files and non-text."""
    with open_reader(settings) as reader:
        for file in _list_files(files):
            for member in reader.read_members(file):
                if member.text is not None:
                    yield member.name, member.text


def _list_files(files: Sequence[Path]) -> Iterator[Path]:
    for named in files:
        if not named.exists():
            raise NotFound("file or folder", str(named), "Name pages, or folders that hold them.")
        inside = sorted(path for path in named.rglob("*") if path.is_file())
        for file in inside if named.is_dir() else [named]:
            if not file.name.startswith("."):
                yield file


def _story(row: Story, look: str, is_bidi: bool) -> Text:
    head = sanitize(row["headline"] or "(no headline)")
    line = Text(f"{row['confidence']:.2f}  ", style="yellow")
    line.append(isolate(head) if is_bidi else head, style="bold cyan")
    place = f"{Path(row['source_name']).name}, story {row['story_no']} of {row['page_stories']}"
    line.append(
        f"\n      {sanitize(place)}, {row['language']}, {pluralize(row['words'], 'word')}",
        style="dim",
    )
    for reason in row["reasons"]:
        line.append(f"\n      ↳ {reason}", style="dim italic")
    line.append(f"\n      {sanitize(look)}\n")
    return line
