"""
What a day was like, as the warehouse has it: files, stories, quarantine, silent outlets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from include.warehouse.queries import load_query
from include.warehouse.read import open_warehouse

Row = dict[str, Any]


@dataclass(frozen=True)
class LandedDay:
    """
    The runs since a time, and what waits now.

    files: rows of outcome, reason, files. stories: one row of figures. quarantine: rows of rule,
    stories, new_stories. silent: rows of outlet, silent_days, usual_gap_days, last_day.
    """

    files: list[Row]
    stories: Row
    quarantine: list[Row]
    silent: list[Row]


def read_day(path: Path, since: datetime) -> LandedDay:
    """
    Return what happened since a time, with a time zone.

    Raises:
        WarehouseMissing, WarehouseHeld, QueryRefused: as in `open_warehouse`.
    """
    with open_warehouse(path) as con:

        def ask(name: str, **values: object) -> list[Row]:
            rows: list[Row] = con.sql(load_query(name), params=values or None).to_arrow_table(
            ).to_pylist()  # fmt: skip
            return rows

        (stories,) = ask("day_stories", since=since)
        return LandedDay(
            files=ask("day_files", since=since),
            stories=stories,
            quarantine=ask("day_quarantine", since=since),
            silent=ask("silent_outlets"),
        )
