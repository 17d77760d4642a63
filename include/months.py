"""
The names of the months in every language that pages are dated in, from `months.toml`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


def name_month(name: str, language: str) -> int:
    """Return a month's number; 0 if neither the language nor English has that month name."""
    plain = name.casefold().strip(" .׳״'’")
    months_by_language = read_months()
    for months in (months_by_language.get(language, {}), months_by_language["en"]):
        number = months.get(plain) or months.get(plain.removeprefix("ב"))  # Hebrew's «in»
        if number:
            return number
    return _unambiguous_months().get(plain, 0) if language == "und" else 0


@cache
def read_months() -> Mapping[str, Mapping[str, int]]:
    """Read every language's month names in small letters: language to name to number."""
    names_by_language = tomllib.loads(FILE.read_text(encoding="utf-8"))
    read = {
        language: {
            name.casefold(): number
            for number, words in enumerate(names, 1)
            for name in words.split()
        }
        for language, names in names_by_language.items()
    }
    return read | {"no": read["nb"]}


@cache
def _unambiguous_months() -> dict[str, int]:
    """Give the month names that mean the same month in every language that has them."""
    meant: dict[str, set[int]] = {}
    for months in read_months().values():
        for name, number in months.items():
            meant.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}
