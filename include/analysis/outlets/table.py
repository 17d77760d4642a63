"""
The table of outlets, to which users can add rows.

Columns: id, name, aliases and domains (separated by |), country (ISO 3166-1), language (ISO 639-1),
kind (publisher, agency or aggregator).
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.errors import DataFileInvalid

FILE = Path(__file__).with_name("outlets.csv")
COLUMNS = ["id", "name", "aliases", "domains", "country", "language", "kind"]
KINDS = {"publisher", "agency", "aggregator"}
WORD = re.compile(r"\w+")
ARTICLES = frozenset(("the", "der", "die", "das", "le", "la", "el", "il", "de"))


@dataclass(frozen=True)
class Outlet:
    """One outlet. kind: an aggregator shows other outlets' stories; an agency sells its own."""

    id: str
    name: str
    country: str | None = None
    language: str | None = None
    kind: str = "publisher"


@dataclass(frozen=True)
class OutletTable:
    """The outlets by domain and by folded name."""

    by_domain: dict[str, Outlet]
    by_name: dict[str, Outlet]

    def find_name(self, name: str) -> Outlet | None:
        """Find an outlet by its name or alias; case and a leading article make no difference."""
        return self.by_name.get(fold(name))

    def find_host(self, host: str) -> Outlet | None:
        """Find an outlet by a host: its domain, or a domain above it."""
        parts = host.lower().strip(".").split(".")[-6:]
        hosts = (".".join(parts[at:]) for at in range(max(0, len(parts) - 1)))
        return next((self.by_domain[h] for h in hosts if h in self.by_domain), None)


def fold(name: str) -> str:
    """Normalize a name for comparison: no case, accents, punctuation or leading article."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


@cache
def read_outlets(path: Path = FILE) -> OutletTable:
    """
    Read the table of outlets.

    Raises:
        DataFileInvalid: a row has an unknown kind, or a domain or name is in two rows.
    """
    by_domain: dict[str, Outlet] = {}
    by_name: dict[str, Outlet] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise DataFileInvalid(f"columns of {path.name}", rows.fieldnames, f"Use {COLUMNS}.")
        for row in rows:
            if row["kind"] not in KINDS:
                raise DataFileInvalid(f"kind in {path.name}", row["kind"], f"Use {sorted(KINDS)}.")
            country, language = row["country"] or None, row["language"] or None
            outlet = Outlet(row["id"], row["name"], country, language, row["kind"])
            names = {fold(name) for name in (row["name"], *row["aliases"].split("|")) if name}
            for key, index in [*((d, by_domain) for d in row["domains"].split("|") if d)] + [
                (name, by_name) for name in names
            ]:
                if key in index:
                    raise DataFileInvalid(f"outlet in {path.name}", key, "Name it in one row only.")
                index[key] = outlet
    return OutletTable(by_domain, by_name)
