"""
Load the queries of `include/warehouse/sql/` by name, and quote names and literals for statements.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "sql"


@cache
def load_query(name: str) -> str:
    """Return the text of `include/warehouse/sql/<name>.sql`, including its head."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def quote_name(name: str) -> str:
    """Quote an identifier; `schema.table` is quoted as two parts."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def quote_text(text: str) -> str:
    """Quote a string literal, for statements that take no bound values (comments, views)."""
    return "'" + text.replace("'", "''") + "'"


def digest_queries(*more: str) -> str:
    """Return 16 hex digits that change with any query, or with any of the extra texts."""
    digest = hashlib.sha256()
    for text in (*(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.sql"))), *more):
        digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()[:16]
