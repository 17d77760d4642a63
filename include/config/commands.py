"""Format paths and commands so that a person can use them in the current folder."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from include.config.settings import Settings
from include.storage.locations import Root

DOUBLE_QUOTED = re.compile(
    r'[^"$`\\!]+'
)  # has no special meaning inside double quotes in any shell


def format_command(settings: Settings, words: Sequence[str]) -> str:
    """
    Return a command of ours as it can be pasted into a shell in the current folder.

    It uses the running interpreter, and the home of the settings.
    """
    home = []
    if settings.home != Settings().home:
        home = ["--home", format_place(settings.home)]
    name, *rest = words
    return " ".join(map(_quote, [_interpreter(), "-m", "include", name, *home, *rest]))


def format_place(place: Root | Path) -> str:
    """Return a path, relative if it is inside the current folder; a URL as it is."""
    if isinstance(place, Path) and place != Path.cwd() and place.is_relative_to(Path.cwd()):
        return str(place.relative_to(Path.cwd()))
    return str(place)


def _interpreter() -> str:
    return format_place(Path(sys.executable))


def _quote(word: str) -> str:
    """Quote for a shell; a query with double quotes, since it may contain single ones."""
    plain = shlex.quote(word)
    return f'"{word}"' if plain != word and DOUBLE_QUOTED.fullmatch(word) else plain
