"""The command `erase`."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from include.config.settings import Settings
from include.errors import UsageWrong
from include.pipeline import erasure
from include.pipeline.erasure import Erased, Request
from include.terminal.backup import find_database
from include.terminal.home import refuse_unborn
from include.text import pluralize, sanitize


def run_erase(
    settings: Settings,
    what: str,
    reason: str,
    backups: Sequence[Path],
    environ: Mapping[str, str],
    yes: bool = False,
    as_json: bool = False,
) -> int:
    """
    Erase a page, or all pages that a file ever was, from the home and from backups.

    Raises:
        NotFound: there is no such page.
        UsageWrong: the reason is empty, or nobody confirmed.
    """
    refuse_unborn(settings)
    if not reason.strip():
        raise UsageWrong("--reason", reason, "Say why: it is what remains.")
    erasure.check_backups(backups)
    page_ids = erasure.find_asked(settings, what)
    if not yes:
        _confirm(what, page_ids)
    request = Request(page_ids, reason, getpass.getuser(), datetime.now(UTC))
    database = find_database(settings, environ)
    done = [erasure.erase(settings, request, database, environ)]
    done += [erasure.erase_in_backup(settings, folder, request, environ) for folder in backups]
    if as_json:
        print(json.dumps({"page_ids": page_ids, "places": [asdict(one) for one in done]}))
        return 0
    console = Console(highlight=False)
    for one in done:
        console.print(_describe(one), soft_wrap=True, markup=False)
    for name in done[0].in_inbox:
        console.print(
            f"still in the inbox: {sanitize(name)}. Remove it: it will not be taken again, but its "
            "name will be recorded as rejected.",
            style="yellow", soft_wrap=True, markup=False,
        )  # fmt: skip
    console.print(
        "Ask what remains with: python -m include why " + page_ids[0], soft_wrap=True, markup=False
    )
    return 0


def _confirm(what: str, page_ids: Sequence[str]) -> None:
    if not sys.stdin.isatty():
        raise UsageWrong("erase", what, "Nothing was erased. Add --yes to do it unasked.")
    print(f"{sanitize(what)}: {pluralize(len(page_ids), 'page')} will be erased for good:")
    for page_id in page_ids:
        print(f"  {page_id}")
    if input("Type erase to go on: ").strip() != "erase":
        raise UsageWrong("erase", what, "Nothing was erased.")


def _describe(done: Erased) -> str:
    deliveries = sum(count for count, _ in done.pages.values())
    stories = sum(count for _, count in done.pages.values())
    deleted, rewritten = done.home_files
    dump = "; the database's dump held its text and was deleted" if done.dump_deleted else ""
    return (
        f"erased from {done.place}: {pluralize(len(done.pages), 'page')}, "
        f"{pluralize(deliveries, 'delivery')}, {pluralize(stories, 'story')}; "
        f"{pluralize(done.lake_files, 'file')} of older versions, "
        f"{pluralize(deleted, 'other file')} deleted, {rewritten:,} rewritten; "
        f"{pluralize(done.cells, 'cell')} of Airflow's database emptied{dump}"
    )
