"""
The table of outlets: who published each story.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import Column, Table

STORY_OUTLETS = Table(
    "story_outlets",
    "one story; all but its id are null where its outlet is unknown",
    (
        Column("story_id", pa.string(), "the story"),
        Column("outlet_id", pa.string(), "id in the table of outlets, or the name as an id", True),
        Column("name", pa.string(), "name of the outlet, as in the table of outlets", True),
        Column(
            "source",
            pa.string(),
            "what says so: given (metadata or a credit), url, copyright, path, written_for (a note "
            "in the story) or self (the page's own text about itself)",
            True,
        ),
        Column("confidence", pa.float64(), "how sure that is, 0 to 1", True),
        Column("kind", pa.string(), "publisher, agency or aggregator; null if unknown", True),
        Column("country", pa.string(), "ISO 3166-1 code of its country; null if unknown", True),
        Column("language", pa.string(), "ISO 639-1 code of its language; null if unknown", True),
    ),
    partition=None,
)
