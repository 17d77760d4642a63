"""
Common given names, from `given_names.toml`: whose pronoun may be meant, and what may be a person.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@cache
def read_given_names() -> Mapping[str, bool]:
    """Give common given names in small letters, each with whether it is a woman's."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    men = dict.fromkeys(table["men"].split(), False)
    return men | dict.fromkeys(table["women"].split(), True)
