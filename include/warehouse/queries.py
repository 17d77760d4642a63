"""
The queries of `include/warehouse/sql/`, by name, and the only way a name or a text gets into a
statement.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "sql"


@cache
def load_query(name: str) -> str:
    """Give the text of `include/warehouse/sql/<name>.sql`, head and all."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def quote_name(name: str) -> str:
    """Give an identifier, `schema.table` in two parts."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def quote_text(text: str) -> str:
    """Give a text as a literal, for statements that take no bound value (comments, views)."""
    return "'" + text.replace("'", "''") + "'"


def digest_queries(*more: str) -> str:
    """Give 16 hex digits that change with any query, or with the texts given besides."""
    digest = hashlib.sha256()
    for text in (*(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.sql"))), *more):
        digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()[:16]
