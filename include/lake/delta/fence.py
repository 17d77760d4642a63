"""
The fence that keeps an earlier holder of the lake's lease from committing late: see `lease`.
"""

from __future__ import annotations

from include.lake.delta.connect import reach
from include.lake.delta.damage import translate_damage
from include.lake.delta.lease import FENCE
from include.lake.delta.tables import create_tables, has_table, open_to_write, table_path
from include.schema.lake import ANALYSES, INGEST_TABLES, LAKE_TABLES
from include.storage.locations import Root


def fence_tables(root: Root, number: int) -> None:
    """
    Keep earlier holders of the lake's lease from committing: see `lease`.

    Every table that decides which rows count is created first, since a table that an earlier holder
    creates later would have no fence.

    Raises:
        LakeLocked: a later holder has fenced a table already, or a commit was faster.
    """
    create_tables(root, (*INGEST_TABLES, ANALYSES))
    for kind in LAKE_TABLES:
        if not has_table(root, kind):
            continue
        table = open_to_write(root, kind)
        with translate_damage(table_path(root, kind)), reach(root, table_path(root, kind)):
            table.alter.set_table_properties({FENCE: str(number)}, raise_if_not_exists=False)
