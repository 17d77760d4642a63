"""Tend the lake at a terminal: learn the chrome book from what landed, and publish it."""

import json
import shlex
from datetime import UTC, datetime

from rich.console import Console

from include import steps, tending
from include.receipts import read_receipt
from include.settings import Settings

TOLD = ("book_version", "changed", "lines", "pages")
LOOK = '"select outlet, text, pages, stories from chrome_book"'


def run_tend(settings: Settings, as_json: bool = False) -> int:
    """
    Gather evidence, learn the book, publish it.

    Prints what was learnt, or with `as_json` one object on the last line of standard output.
    """
    now = datetime.now(UTC)
    receipt = tending.learn(settings, tending.gather(settings, f"tend__{now.isoformat()}"), now)
    learnt = read_receipt(receipt, "learn")
    steps.publish(settings)
    if as_json:
        print(json.dumps({name: learnt[name] for name in TOLD}))
        return 0
    stands = "" if learnt["changed"] else ", as it stood: no page landed since"
    console = Console(highlight=False)
    console.print(
        f"chrome book {learnt['book_version']}: {learnt['lines']:,} lines that sites repeat, "
        f"learnt from {learnt['pages']:,} pages{stands}"
    )
    home = "" if settings.home == Settings().home else f"--home {shlex.quote(str(settings.home))} "
    console.print(f"try: python -m include query {home}{LOOK}", soft_wrap=True, markup=False)
    return 0
