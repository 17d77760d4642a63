"""Show one page as the splitter sees it: every piece with its role, stories numbered."""

from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from include.errors import NotFound
from include.harmless import harmless
from include.intake.decode import decode_page
from include.model import BLANKS
from include.stories.assemble import BODY, PARTS
from include.stories.split import name_pieces

COLOURS = {
    "headline": "bold cyan", "body": "white", "list": "white", "caption": "magenta",
    "deck": "cyan", "subhead": "cyan", "byline": "green", "dateline": "green", "credit": "green",
    "tags": "green",
}  # fmt: skip
CHROME = "bright_black"


def show_page(file: Path, console: Console, reasons: bool = False) -> int:
    """
    Print a page: line number, story number, role, text; with `reasons`, why.

    Raises:
        NotFound: there is no such file, or it is no text (the reason says what it is).
    """
    if not file.is_file():
        raise NotFound("page", str(file), "Name a file.")
    decoded = decode_page(file.read_bytes())
    if decoded.text is None:
        raise NotFound("page", str(file), f"It was not taken: {decoded.reason}.")
    pages = pl.DataFrame(
        {"page": [0], "text": [decoded.text]}, schema_overrides={"page": pl.UInt32}
    )
    pieces, _ = name_pieces(pages)
    numbers = _story_numbers(pieces)
    console.print(_table(pieces, numbers, reasons))
    console.print(_closing(file, decoded.encoding, pieces, len(numbers)), highlight=False)
    return 0


def _story_numbers(pieces: pl.DataFrame) -> dict[int, int]:
    """Number the stories that have a body, from 1, as the tables do."""
    told = pieces.filter((pl.col("story") >= 0) & pl.col("role").is_in(BODY))["story"]
    return {story: number for number, story in enumerate(told.unique(maintain_order=True), 1)}


def _table(pieces: pl.DataFrame, numbers: dict[int, int], reasons: bool) -> Table:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("line", justify="right", style="dim", no_wrap=True)
    table.add_column("story", justify="right", no_wrap=True)
    table.add_column("role", no_wrap=True)
    table.add_column("text", overflow="fold")
    if reasons:
        table.add_column("why", style="dim", max_width=36)
    for piece in pieces.iter_rows(named=True):
        number = numbers.get(piece["story"]) if piece["role"] in PARTS else None
        colour = COLOURS.get(piece["role"], CHROME) if number else CHROME
        role = piece["role"] if number or piece["role"] not in PARTS else "other"
        cells = [
            Text(str(piece["line_no"])),
            Text(str(number or "·"), style=f"bold {colour}" if number else CHROME),
            Text(role, style=colour),
            Text(harmless(piece["text"]), style=colour),
        ]
        table.add_row(*cells, *([Text(piece["reason"])] if reasons else []))
    return table


def _closing(file: Path, encoding: str | None, pieces: pl.DataFrame, stories: int) -> Text:
    told = pieces.filter(pl.col("role").is_in(BODY) & (pl.col("story") >= 0))
    chars = int(pieces["text"].str.replace_all(BLANKS, "").str.len_chars().sum() or 0)
    body = int(told["text"].str.replace_all(BLANKS, "").str.len_chars().sum() or 0)
    noun = "story" if stories == 1 else "stories"
    return Text(
        f"\n{file.name}: {stories} {noun}; {body:,} of {chars:,} characters are body; {encoding}"
    )
