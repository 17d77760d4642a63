"""Say why a file or a story is as it is: what came, how it was read, split, judged and changed."""

import json
import sys
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from include.config.settings import Settings
from include.intake.decoding.page import reread_text
from include.lake.decisions.chrome_book import read_book
from include.lake.decisions.decisions import read_overrides
from include.lake.reading.recall import read_recalled
from include.splitter.chrome_book.book import open_book
from include.splitter.overrides import open_overrides
from include.splitter.split import SPLITTER_VERSION
from include.terminal.show import show_text
from include.terminal.why_sheet import (
    GOOD,
    ODD,
    describe_decoding,
    describe_delivery,
    describe_headline,
    describe_override,
    describe_review,
    describe_split,
    describe_story,
    lay_sheet,
)
from include.text import pluralize, sanitize
from include.warehouse.why import Rows, Told, find_last_split, read_why

PAGES_SHOWN, DELIVERIES_SHOWN, MEMBERS_SHOWN = 20, 10, 50
ALL = 2**31  # of a table, for programs


def explain(
    settings: Settings,
    what: str,
    console: Console,
    lines: bool = False,
    diff: bool = False,
    as_json: bool = False,
) -> int:
    """
    Print what became of a file, an archive, a page or a story.

    Args:
        lines: every line of the page as well, with role and reason. diff: what a revision changed.
        as_json: one JSON object a row of any kind, whatever the other two say.
    """
    limits = (ALL, ALL) if as_json else (PAGES_SHOWN, MEMBERS_SHOWN)
    told = _only_story(read_why(settings.warehouse, what, *limits, settings.memory_limit), what)
    if as_json:
        _print_json(told)
        return 0
    if told.members:
        _print_members(told, what, console)
    for page_id in dict.fromkeys(row["page_id"] for row in told.deliveries):
        _print_page(_of_page(told, page_id), console, diff)
        if lines:
            show_page_lines(settings, told.deliveries, page_id, console)
    if told.more_pages:
        more = pluralize(told.more_pages, "more page")
        line = f"and {more}; give more of the name, or --json for all"
        console.print(line, style="dim")
    return 0


def _only_story(told: Told, key: str) -> Told:
    """Leave out the other stories of the page where a story was asked for."""
    if key not in {story["story_id"] for story in told.stories}:
        return told

    def keep(rows: Rows) -> Rows:
        return [row for row in rows if row["story_id"] in (key, None)]

    return replace(
        told, stories=keep(told.stories), reviews=keep(told.reviews), events=keep(told.events)
    )


def _of_page(told: Told, page_id: str) -> Told:
    def keep(rows: Rows) -> Rows:
        return [row for row in rows if row["page_id"] == page_id]

    return replace(
        told,
        deliveries=keep(told.deliveries),
        stories=keep(told.stories),
        page_flags=keep(told.page_flags),
        reviews=keep(told.reviews),
        overrides=keep(told.overrides),
    )


def _when(row: dict[str, Any]) -> tuple[Any, bool]:
    """Order deliveries by time; of one run that which was split stands before its copies."""
    return row["ingested_at"], row["outcome"] == "redelivered"


def _print_json(told: Told) -> None:
    kinds = {
        "delivery": told.deliveries, "page_flag": told.page_flags, "story": told.stories,
        "review": told.reviews, "override": told.overrides, "event": told.events,
        "member": told.members,
    }  # fmt: skip
    for kind, rows in kinds.items():
        for row in rows:
            line = json.dumps({"row": kind, **row}, ensure_ascii=False, default=str)
            sys.stdout.write(line + "\n")


def _print_members(told: Told, what: str, console: Console) -> None:
    count = len(told.members) + told.more_members
    console.print(Text(f"{pluralize(count, 'member')} of {sanitize(what)}", style="bold"))
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("member", overflow="fold")
    table.add_column("outcome", no_wrap=True)
    for name in ("landed", "set aside"):
        table.add_column(name, justify="right")
    for row in told.members:
        taken = row["outcome"] in ("landed", "no_story")
        outcome = Text(sanitize(": ".join(filter(None, (row["outcome"], row["reason"])))))
        outcome.stylize(GOOD if taken else ODD)
        counts = [
            str(row[f"stories_{name}"]) if taken else "" for name in ("landed", "quarantined")
        ]
        table.add_row(Text(sanitize(row["name"])), outcome, *counts)
    console.print(Padding(table, (0, 0, 1, 2)))
    if told.more_members:
        console.print(f"  and {told.more_members} more; --json for all\n", style="dim")


def _print_page(told: Told, console: Console, diff: bool) -> None:
    first = told.deliveries[0]
    split = find_last_split(told.deliveries)
    head = Text(sanitize(first["name"]), style="bold")
    current = [row for row in told.deliveries if row["is_current"]]
    if not current and first["outcome"] != "rejected":
        head.append("  revised since", style=ODD)
    console.print(head)
    sheet = [("page", Text(first["page_id"]))]
    shown = sorted(told.deliveries[:DELIVERIES_SHOWN], key=_when)
    sheet += [describe_delivery(row) for row in shown]
    more = len(told.deliveries) - DELIVERIES_SHOWN
    if more > 0:
        sheet.append(
            ("", Text(f"and {pluralize(more, 'more delivery')}; --json for all", style="dim"))
        )
    sheet.append(("decoded", describe_decoding(split or first)))
    if split:
        sheet.append(("split", describe_split(split)))
    if first["revises_page_id"]:
        sheet.append(("revises", Text(f"page {first['revises_page_id']}")))
    for flag in told.page_flags:
        said = sanitize(f"{flag['rule_id']}: {flag['observed']} ({flag['severity']})")
        sheet.append(("flagged", Text(said, style=ODD)))
    sheet += [describe_override(row) for row in told.overrides]
    if diff and not any(story["verdict"] == "replaced" for story in told.stories):
        sheet.append(("diff", Text("nothing was revised", style="dim")))
    console.print(Padding(lay_sheet(sheet), (0, 0, 0, 2)))
    for story in told.stories:
        console.print(Padding(describe_headline(story), (1, 0, 0, 2)))
        reviews = [row for row in told.reviews if row["story_id"] == story["story_id"]]
        console.print(Padding(lay_sheet(describe_story(story, reviews, diff)), (0, 0, 0, 5)))
    left = {story["story_id"] for story in told.stories}
    gone = [describe_review(row) for row in told.reviews if row["story_id"] not in left]
    if gone:
        console.print(Padding(lay_sheet(gone), (1, 0, 0, 2)))
    console.print()


def show_page_lines(
    settings: Settings, deliveries: list[dict[str, Any]], page_id: str, console: Console
) -> None:
    """
    Print every line of a page from the bytes that the lake keeps; none where it was not split.

    Roles and reasons are those of today's splitter, book and corrections; a page that others have
    split is told to be so.
    """
    row = find_last_split([row for row in deliveries if row["page_id"] == page_id])
    if row is None:
        return
    book = read_book(settings.lake)
    key = [(page_id, row["run_id"])]
    tables = read_recalled(settings.lake, row["ingest_day"], key, reread_text)
    for page in (page for table in tables for page in table.to_pylist()):
        overrides = open_overrides(read_overrides(settings.lake))
        show_text(page, console, open_book(book.lines), overrides)
    then = (row["splitter_version"], row["book_version"] or 0)
    if then != (SPLITTER_VERSION, book.version):
        console.print(
            f"as splitter {SPLITTER_VERSION} with chrome book {book.version} reads it today; "
            f"the lake's rows are of splitter {then[0]}, book {then[1]}",
            style="yellow", markup=False, highlight=False,
        )  # fmt: skip
    console.print()
