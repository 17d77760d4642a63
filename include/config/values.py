"""Read one setting's value from a text, and check numbers against their bounds."""

from __future__ import annotations

import math
from pathlib import Path

from include.errors import SettingInvalid


def read_value(variable: str, text: str, default: object, most: float = math.inf) -> object:
    """Read a variable as the type of its setting's default; raises `SettingInvalid`."""
    if default == "":
        return text.strip()
    if isinstance(default, (str, Path)):
        if not text.strip():
            raise SettingInvalid(variable, text, "Give it a value or leave it unset.")
        return text.strip()
    try:
        number: float = float(text) if isinstance(default, float) else int(text)
    except ValueError as exc:
        kind = "number" if isinstance(default, float) else "whole number"
        raise SettingInvalid(variable, text, f"Give a {kind}; the default is {default}.") from exc
    if way_out := refuse_number(number, default, most):
        raise SettingInvalid(variable, text, way_out)
    return number


def refuse_number(number: float, default: object, most: float) -> str | None:
    """Return the way out if a number is outside its bounds, else None."""
    may_be_0 = isinstance(default, float) or default == 0
    if not number > 0 and not (number == 0 and may_be_0):
        return f"Give a number above 0; the default is {default}."
    return f"Give at most {most}; the default is {default}." if number > most else None
