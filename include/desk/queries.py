"""
Load the desk's queries by name. Every value in them is bound.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "sql"


@cache
def load_query(name: str) -> str:
    """Return the text of `include/desk/sql/<name>.sql`, including its head."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
