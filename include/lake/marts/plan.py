"""
The plan of an analysis: which stories to add to a mart, and the id of the rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """
    The next analysis of a mart: the stories of the runs after version `since` up to `until`.

    analysis_no: its number; if another analysis lands with that number first, this one lands
    nothing.
    """

    mart: str
    analysis_no: int
    analyzer_version: str
    since: int
    until: int

    @property
    def analysis_id(self) -> str:
        """The id of its rows; a second attempt has the same and replaces the rows of the first."""
        return analysis_id(self.mart, self.analysis_no)


def analysis_id(mart: str, analysis_no: int) -> str:
    """Return 24 hex digits: a hash of the mart's name and the number of the analysis."""
    return hashlib.sha256(f"{mart} {analysis_no}".encode()).hexdigest()[:24]
