"""The options of `backup`, `restore` and `erase`; `environ` is the environment."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from include.config.settings import Settings


def add_keeping(add: Callable[[str, object, str], argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    backup = add(
        "backup", _backup, "back up lake, receipts and Airflow's database, while runs go on"
    )
    backup.add_argument("target", type=Path, metavar="FOLDER", help="a folder that is made")
    backup.add_argument(
        "--link",
        type=Path,
        metavar="BACKUP",
        help="an earlier backup on the same disk, whose unchanged files are linked, not copied",
    )
    backup.add_argument("--json", action="store_true", help="print one JSON object, last")
    erase = add("erase", _erase, "erase a page for good, and all copies; a tombstone is left")
    erase.add_argument("what", metavar="FILE|PAGE_ID", help="as `why` shows it; a file: all it was")
    erase.add_argument("--reason", required=True, help="why; it is kept")
    erase.add_argument(
        "--backup",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="erase it from this backup too; repeatable",
    )
    erase.add_argument("--yes", action="store_true", help="erase without being asked")
    erase.add_argument("--json", action="store_true", help="print one JSON object, last")
    restore = add("restore", _restore, "put a backup into an empty home, and publish")
    restore.add_argument("source", type=Path, metavar="BACKUP")
    restore.add_argument("--json", action="store_true", help="print one JSON object, last")


def _backup(settings: Settings, given: argparse.Namespace) -> int:
    from include.terminal.backup import run_backup

    return run_backup(settings, given.target.resolve(), given.link, given.environ, given.json)


def _erase(settings: Settings, given: argparse.Namespace) -> int:
    from include.terminal.erase import run_erase

    backups = [folder.resolve() for folder in given.backup]
    return run_erase(
        settings, given.what, given.reason, backups, given.environ, given.yes, given.json
    )


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    from include.terminal.backup import run_restore

    return run_restore(settings, given.source.resolve(), given.environ, given.json)
