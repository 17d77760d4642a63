"""
Lay lines out beside a margin, so that text in any script stays readable and the margin in place.

Widths are those of the terminal's cells: a sign of a wide script takes two. Where a terminal turns
right-to-left text about, an isolate round each row's text keeps it from turning the margin.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from include.text import sanitize

NO_STORY = "·"  # in the margin
NARROWEST = 20  # cells left to the text, however narrow the terminal
ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
STICKS = "\u200c\u200d。、，．？！）」』】》"
UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200e\u200f\u2060\ufeff")  # have no shape of their own
RIGHT_TO_LEFT = {"R", "AL", "AN"}


@dataclass(frozen=True)
class Entry:
    """One line of a page to be shown: what stands in the margin, the text, and why."""

    line: str
    story: str
    role: str
    text: str
    why: str
    colour: str


def lay_out(entries: list[Entry], console: Console, reasons: bool) -> Iterator[Text]:
    """
    Give the rows to print, in order.

    At a terminal, text is wrapped to its width; elsewhere an entry is one row, so that other
    programs meet whole lines. With `reasons`, why follows in a row of its own.
    """
    widths = (
        max([len("line"), *(len(entry.line) for entry in entries)]),
        max([len("story"), *(len(entry.story) for entry in entries)]),
        max([len("role"), *(len(entry.role) for entry in entries)]),
    )
    yield _margin(Entry("line", "story", "role", "", "", "dim"), widths, head=True)
    margin = sum(widths) + 2 * len(widths)
    room = max(NARROWEST, console.width - margin - 1) if console.is_terminal else 0
    above = entries[0].story if entries else ""
    for entry in entries:
        if entry.story not in (above, NO_STORY):
            yield Text()  # a story begins
        above = above if entry.story == NO_STORY else entry.story
        for number, row in enumerate(wrap(sanitize(entry.text.translate(UNSEEN)), room)):
            start = _margin(entry, widths) if number == 0 else Text(" " * margin)
            start.append(isolate(row) if room else row, style=entry.colour)
            yield start
        if reasons:
            for row in wrap(entry.why, room and room - 2):
                yield Text(f"{' ' * margin}↳ {row}", style="dim italic")


def _margin(entry: Entry, widths: tuple[int, int, int], head: bool = False) -> Text:
    line, story, role = widths
    text = Text(f"{entry.line:>{line}}  ", style="dim" if head else "")
    text.stylize("dim", 0, line)
    text.append(f"{entry.story:>{story}}  ", style=entry.colour if head else f"bold {entry.colour}")
    text.append(f"{entry.role:<{role}}  ", style=entry.colour)
    return text


def wrap(text: str, cells: int) -> Iterator[str]:
    """Break a text into rows of at most `cells` cells, at blanks where there are; 0: one row."""
    while cells and cell_len(text) > cells:
        cut = _fitting(text, cells)
        blank = text.rfind(" ", 0, cut + 1)
        cut = blank if blank > cut // 2 else cut
        yield text[:cut].rstrip(" ")
        text = text[cut:].lstrip(" ")
    yield text


def _fitting(text: str, cells: int) -> int:
    """Count the characters that fit into some cells; none is parted from what sticks to it."""
    low, high = 1, min(len(text), 4 * cells)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cell_len(text[:middle]) <= cells else (low, middle - 1)
    while 1 < low < len(text) and _sticks(text[low]):
        low -= 1
    return low


def _sticks(letter: str) -> bool:
    """Say whether a sign stays with the one before it: a mark, a joiner, a closing sign."""
    return letter in STICKS or unicodedata.category(letter).startswith("M")


def isolate(row: str) -> str:
    """Put an isolate round a text that holds right-to-left letters."""
    turns = any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in row)
    return f"{ISOLATE}{row}{END}" if turns else row
