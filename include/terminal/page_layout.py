"""
Lay out lines beside a margin, for text in any script.

Widths are in terminal cells: a character of a wide script takes two. On terminals that reorder
right-to-left text, a bidi isolate around each row's text keeps the margin in place.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from include.text import sanitize

NO_STORY = "·"  # shown in the margin
NARROWEST = 20  # minimum cells for the text, however narrow the terminal
ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
STICKS = "\u200c\u200d。、，．？！）」』】》"
UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200e\u200f\u2060\ufeff")  # zero-width characters
RIGHT_TO_LEFT = {"R", "AL", "AN"}


@dataclass(frozen=True)
class Entry:
    """One line of a page: its margin (line, story, role), its text, and the reason for its role."""

    line: str
    story: str
    role: str
    text: str
    why: str
    colour: str


def lay_out(entries: list[Entry], console: Console, reasons: bool) -> Iterator[Text]:
    """
    Yield the rows to print, in order.

    At a terminal, text is wrapped to its width. Elsewhere an entry is one row, so that `grep` sees
    whole lines. With `reasons`, the reason follows in a row of its own.
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
            yield Text()  # a blank row between stories
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
    """Break a text into rows of at most `cells` cells, at spaces if possible; 0: one row."""
    while cells and cell_len(text) > cells:
        cut = _count_fitting(text, cells)
        blank = text.rfind(" ", 0, cut + 1)
        cut = blank if blank > cut // 2 else cut
        yield text[:cut].rstrip(" ")
        text = text[cut:].lstrip(" ")
    yield text


def _count_fitting(text: str, cells: int) -> int:
    """Count the leading characters that fit into `cells`, never splitting before a mark."""
    low, high = 1, min(len(text), 4 * cells)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cell_len(text[:middle]) <= cells else (low, middle - 1)
    while 1 < low < len(text) and _sticks(text[low]):
        low -= 1
    return low


def _sticks(letter: str) -> bool:
    """Return whether no row may start with it: a combining mark, a joiner, closing punctuation."""
    return letter in STICKS or unicodedata.category(letter).startswith("M")


def isolate(row: str) -> str:
    """Wrap a text that holds right-to-left letters in a bidi isolate."""
    is_rtl = any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in row)
    return f"{ISOLATE}{row}{END}" if is_rtl else row
