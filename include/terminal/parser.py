"""
The commands, their options, and the function that runs each.

A command's module is imported when it runs: the heavy ones take seconds to import.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from include.config.settings import Settings
from include.terminal.engine_options import add_engine
from include.terminal.keeping_parser import add_keeping
from include.terminal.plot_options import add_plot


def build_parser(serve_desk: Callable[[Settings, int], int]) -> argparse.ArgumentParser:
    """
    Return the parser; `run` of the parsed arguments is the function that runs the command.

    serve_desk: runs the desk, which no room of this floor may import, on a port.
    """
    parser = argparse.ArgumentParser(
        prog="python -m include", description="Split pages of news into stories and look at them."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", help="folder for everything that runs write")

    def add(name: str, run: object, help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_, parents=[shared])
        command.set_defaults(run=run)
        return command

    ingest = add("ingest", _ingest, "take new pages; split, judge, land and publish them")
    ingest.add_argument("inbox", nargs="?", help="folder or URL; default: the configured inboxes")
    ingest.add_argument("--workers", type=int, help="processes that split and judge")
    ingest.add_argument("--json", action="store_true", help="print one JSON object, last")
    ingest.add_argument(
        "--open-gate",
        action="append",
        default=[],
        metavar="RULE",
        help="accept that this run breaks this rule of the gate; repeatable",
    )
    split = add("split", _split, "split the pages of a JSONL file, for evaluation")
    split.add_argument("source", type=Path, metavar="IN.jsonl")
    split.add_argument("target", type=Path, metavar="OUT.jsonl")
    show = add("show", _show, "show the role of every line of a page; or the least sure stories")
    show.add_argument("files", type=Path, nargs="*", metavar="FILE")
    show.add_argument("--reasons", action="store_true", help="give the reason for every role")
    show.add_argument(
        "--least-sure",
        nargs="?",
        const="10",
        metavar="N",
        help="list the N (10) stories of lowest confidence, of FILE or else of the warehouse",
    )
    why = add("why", _why, "show what happened to a file, an archive, a page or a story, and why")
    why.add_argument("what", metavar="FILE|STORY_ID|PAGE_ID")
    why.add_argument("--lines", action="store_true", help="every line too, with role and reason")
    why.add_argument("--diff", action="store_true", help="what revisions changed")
    why.add_argument("--json", action="store_true", help="one JSON object per row")
    correct = add("correct", _correct, "correct a split, now and in every later split")
    correct.add_argument("words", nargs="*", metavar="CORRECTION", help='such as "line 12 starts"')
    correct.add_argument("--page", metavar="FILE|PAGE_ID", help="the page that is corrected")
    correct.add_argument("--note", help="why, for the record")
    correct.add_argument("--list", action="store_true", help="list the corrections in force")
    correct.add_argument("--withdraw", metavar="ID", help="withdraw a correction")
    cases = add("cases", _cases, "export corrected pages as test cases, or check these")
    cases.add_argument("do", choices=["export", "check"])
    cases.add_argument("target", type=Path, metavar="FOLDER")
    query = add("query", _query, "run read-only SQL on the warehouse; a pipe gets all of its rows")
    query.add_argument("sql", metavar="SQL")
    form = query.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object per row")
    form.add_argument("--csv", action="store_true", help="CSV with a header (RFC 4180), unchanged")
    form.add_argument(
        "--spreadsheet", action="store_true", help="CSV that Excel can open: no cell is a formula"
    )
    past = query.add_mutually_exclusive_group()
    past.add_argument(
        "--version", type=int, metavar="N", help="the lake after its Nth run (see `status`)"
    )
    past.add_argument(
        "--as-of", metavar="TIME", help="the lake at this time (ISO 8601; a date means its end)"
    )
    search = add("search", _search, "find stories by their words, best first")
    search.add_argument("search", metavar="QUERY", help='such as "ferry AND strike -goose"')
    search.add_argument("--limit", type=int, default=20, metavar="N", help="stories; default: 20")
    search.add_argument("--json", action="store_true", help="one JSON object per story")
    export = add("export", _export, "write stories, or the rows of a query, to a file")
    export.add_argument("sql", nargs="?", metavar="SQL", help="default: all stories")
    export.add_argument(
        "--format", required=True, choices=["parquet", "csv", "jsonl", "xlsx", "rss"]
    )
    export.add_argument(
        "--to", type=Path, metavar="FILE", help="default: stories.FORMAT in this folder"
    )
    add_plot(add)
    add_keeping(add)
    status = add("status", _status, "show the lake, the ledger and the last runs")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    resplit = add(
        "resplit",
        _resplit,
        "split pages of the lake again, show the changes, land them if approved",
    )
    resplit.add_argument(
        "--days",
        default="all",
        help="2026-01-31, 2026-01-01..2026-01-31, or several with commas; default: all",
    )
    resplit.add_argument(
        "--outlet",
        action="append",
        default=[],
        metavar="NAME",
        help="only pages of this outlet; repeatable",
    )
    resplit.add_argument(
        "--all", action="store_true", help="pages of the current splitter too, not only of others"
    )
    add_engine(resplit, "resplit", "split and judge")
    end = resplit.add_mutually_exclusive_group()
    end.add_argument("--dry-run", action="store_true", help="show what would change and stop")
    end.add_argument("--yes", action="store_true", help="land without asking")
    tend = add(
        "tend", _tend, "compact the lake, learn which lines sites repeat, remove unused files"
    )
    add_engine(tend, "tend", "compact")
    tend.add_argument("--json", action="store_true", help="print one JSON object, last")
    analyze = add("analyze", _analyze, "bring the marts and the search index up to date")
    add_engine(analyze, "analyze", "analyse")
    analyze.add_argument("--json", action="store_true", help="print one JSON object, last")
    digest = add("digest", _digest, "show what was ingested on a day, as Markdown or as a page")
    digest.add_argument("--day", metavar="DAY", help="such as 2026-03-01; default: the newest")
    digest.add_argument("--html", type=Path, metavar="FILE", help="write one HTML page instead")
    desk = add("desk", lambda settings, given: serve_desk(settings, given.port), "serve the desk")
    desk.add_argument("--port", type=int, default=8090, help="on this machine only; default: 8090")
    return parser


def _ingest(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.ingest import run_ingest

    return run_ingest(settings, as_json=arguments.json, open_gate=arguments.open_gate)


def _split(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.split import split_file

    return split_file(arguments.source, arguments.target)


def _show(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.least_sure import show_asked

    return show_asked(
        settings, arguments.files, arguments.least_sure, Console(), reasons=arguments.reasons
    )


def _why(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.why import explain

    given = {"lines": arguments.lines, "diff": arguments.diff, "as_json": arguments.json}
    return explain(settings, arguments.what, Console(), **given)


def _correct(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal import correct

    console = Console()
    if arguments.list:
        return correct.list_overrides(settings, console)
    if arguments.withdraw:
        return correct.withdraw(settings, arguments.withdraw, console)
    return correct.correct_split(settings, arguments.words, arguments.page, arguments.note, console)


def _cases(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal import correct

    do = correct.export_cases if arguments.do == "export" else correct.check_cases
    return do(settings, arguments.target, Console())


def _query(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.query import CSV, JSON, SPREADSHEET, TABLE, ask, find_moment

    moment = find_moment(settings, arguments.version, arguments.as_of)
    asked = {JSON: arguments.json, CSV: arguments.csv, SPREADSHEET: arguments.spreadsheet}
    form = next((name for name, is_asked in asked.items() if is_asked), TABLE)
    return ask(settings, arguments.sql, Console(), form, moment)


def _search(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.search import run_search

    console = Console(highlight=False)
    return run_search(settings, arguments.search, arguments.limit, console, arguments.json)


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.export import export

    console = Console(stderr=True, highlight=False)
    return export(settings, arguments.sql, arguments.format, arguments.to, console)


def _status(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.query import show_status

    return show_status(settings, Console(), as_json=arguments.json)


def _resplit(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.resplit import run_resplit

    return run_resplit(
        settings,
        arguments.days,
        arguments.outlet,
        only_older=not arguments.all,
        dry_run=arguments.dry_run,
        yes=arguments.yes,
    )


def _tend(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.tend import run_tend

    return run_tend(settings, as_json=arguments.json)


def _analyze(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.analyze import run_analyze

    return run_analyze(settings, as_json=arguments.json)


def _digest(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.digest import run_digest

    return run_digest(settings, arguments.day, arguments.html)
