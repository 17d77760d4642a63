"""The command `why`: print the history of a file or story, from delivery to verdict."""

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
from include.terminal.tombstones import show_tombstones
from include.terminal.why_sheet import (
    GOOD,
    NOTICE,
    Sheet,
    describe_decoding,
    describe_delivery,
    describe_headline,
    describe_no_diff,
    describe_override,
    describe_review,
    describe_revised,
    describe_split,
    describe_story,
    lay_sheet,
)
from include.text import pluralize, sanitize
from include.warehouse.why import History, Rows, find_last_split, read_why

PAGES_SHOWN, DELIVERIES_SHOWN, MEMBERS_SHOWN = 20, 10, 50
ALL = 2**31  # no limit, for --json


def explain(
    settings: Settings,
    what: str,
    console: Console,
    lines: bool = False,
    diff: bool = False,
    as_json: bool = False,
) -> int:
    """
    Print the history of a file, an archive, a page or a story.

    Args:
        lines: also print every line of the page with its role and reason.
        diff: also print what a revision changed.
        as_json: one JSON object per row instead; `lines` and `diff` are ignored.
    """
    if show_tombstones(settings, what, console, as_json):
        return 0
    limits = (ALL, ALL) if as_json else (PAGES_SHOWN, MEMBERS_SHOWN)
    history = _only_story(read_why(settings.warehouse, what, *limits, settings.memory_limit), what)
    if as_json:
        _print_json(history)
        return 0
    if history.members:
        _print_members(history, what, console)
    for page_id in dict.fromkeys(row["page_id"] for row in history.deliveries):
        _print_page(_of_page(history, page_id), console, diff)
        if lines:
            show_page_lines(settings, history.deliveries, page_id, console)
    if history.more_pages:
        more = pluralize(history.more_pages, "more page")
        line = f"and {more}; give more of the name, or use --json for all"
        console.print(line, style="dim")
    return 0


def _only_story(history: History, key: str) -> History:
    """Drop the other stories of the page if the key is a story_id."""
    if key not in {story["story_id"] for story in history.stories}:
        return history

    def keep(rows: Rows) -> Rows:
        return [row for row in rows if row["story_id"] in (key, None)]

    return replace(
        history,
        stories=keep(history.stories),
        reviews=keep(history.reviews),
        events=keep(history.events),
    )


def _of_page(history: History, page_id: str) -> History:
    def keep(rows: Rows) -> Rows:
        return [row for row in rows if row["page_id"] == page_id]

    return replace(
        history,
        deliveries=keep(history.deliveries),
        stories=keep(history.stories),
        page_flags=keep(history.page_flags),
        reviews=keep(history.reviews),
        overrides=keep(history.overrides),
    )


def _when(row: dict[str, Any]) -> tuple[Any, bool]:
    """Sort key: by time; within a run, the delivery that was split precedes its copies."""
    return row["ingested_at"], row["outcome"] == "redelivered"


def _print_json(history: History) -> None:
    kinds = {
        "delivery": history.deliveries, "page_flag": history.page_flags, "story": history.stories,
        "review": history.reviews, "override": history.overrides, "event": history.events,
        "member": history.members,
    }  # fmt: skip
    for kind, rows in kinds.items():
        for row in rows:
            line = json.dumps({"row": kind, **row}, ensure_ascii=False, default=str)
            sys.stdout.write(line + "\n")


def _print_members(history: History, what: str, console: Console) -> None:
    count = len(history.members) + history.more_members
    console.print(Text(f"{pluralize(count, 'member')} of {sanitize(what)}", style="bold"))
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("member", overflow="fold")
    table.add_column("outcome", no_wrap=True)
    for name in ("landed", "set aside"):
        table.add_column(name, justify="right")
    for row in history.members:
        taken = row["outcome"] in ("landed", "no_story")
        outcome = Text(sanitize(": ".join(filter(None, (row["outcome"], row["reason"])))))
        outcome.stylize(GOOD if taken else NOTICE)
        counts = [
            str(row[f"stories_{name}"]) if taken else "" for name in ("landed", "quarantined")
        ]
        table.add_row(Text(sanitize(row["name"])), outcome, *counts)
    console.print(Padding(table, (0, 0, 1, 2)))
    if history.more_members:
        console.print(f"  and {history.more_members} more; --json for all\n", style="dim")


def _print_page(history: History, console: Console, diff: bool) -> None:
    """Print the history of one page, then of each of its stories."""
    delivered = [row for row in history.deliveries if row["outcome"] != "replaced"]
    first = (delivered or history.deliveries)[0]
    head = Text(sanitize(first["name"]), style="bold")
    is_current = any(row["is_current"] for row in history.deliveries)
    if not is_current and first["outcome"] != "rejected":
        head.append("  revised since", style=NOTICE)
    console.print(head)
    console.print(Padding(lay_sheet(_describe_page(history, diff)), (0, 0, 0, 2)))
    for story in history.stories:
        console.print(Padding(describe_headline(story), (1, 0, 0, 2)))
        reviews = [row for row in history.reviews if row["story_id"] == story["story_id"]]
        console.print(Padding(lay_sheet(describe_story(story, reviews, diff)), (0, 0, 0, 5)))
    listed = {story["story_id"] for story in history.stories}
    orphaned = [describe_review(row) for row in history.reviews if row["story_id"] not in listed]
    if orphaned:
        console.print(Padding(lay_sheet(orphaned), (1, 0, 0, 2)))
    console.print()


def _describe_page(history: History, diff: bool) -> Sheet:
    first, split = history.deliveries[0], find_last_split(history.deliveries)
    sheet = [("page", Text(first["page_id"])), *_describe_deliveries(history.deliveries)]
    sheet.append(("decoded", describe_decoding(split or first)))
    if split:
        sheet.append(("split", describe_split(split)))
    revised = [row["revises_page_id"] for row in history.deliveries if row["revises_page_id"]]
    kept = [row for row in history.names if row["page_id"] in revised]
    if revised:
        sheet.append(("revises", describe_revised(revised[0], kept)))
    for flag in history.page_flags:
        finding = sanitize(f"{flag['rule_id']}: {flag['observed']} ({flag['severity']})")
        sheet.append(("flagged", Text(finding, style=NOTICE)))
    sheet += [describe_override(row) for row in history.overrides]
    if diff and not any(story["verdict"] == "replaced" for story in history.stories):
        sheet.append(("diff", describe_no_diff(history.deliveries, kept)))
    return sheet


def _describe_deliveries(deliveries: Rows) -> Sheet:
    sheet = [describe_delivery(row) for row in sorted(deliveries[:DELIVERIES_SHOWN], key=_when)]
    more = len(deliveries) - DELIVERIES_SHOWN
    if more > 0:
        line = f"and {pluralize(more, 'more delivery')}; --json for all"
        sheet.append(("", Text(line, style="dim")))
    return sheet


def show_page_lines(
    settings: Settings, deliveries: list[dict[str, Any]], page_id: str, console: Console
) -> None:
    """
    Print every line of a page from the bytes in the lake; nothing if it was never split.

    Roles and reasons come from the current splitter, chrome book and corrections. A note follows if
    the lake's rows come from another splitter or book.
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
            f"lines are shown as splitter {SPLITTER_VERSION} with chrome book {book.version} reads "
            f"them; the lake's rows come from splitter {then[0]}, book {then[1]}",
            style="yellow", markup=False, highlight=False,
        )  # fmt: skip
    console.print()
