"""
Waive: a story that a person released lands, though it breaks the rules they released it from.

A rule they did not see still sets it aside. The waived rules stay with the story, as flags.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from include.quality.judge import Ruling


def waive(ruling: Ruling, stories: pa.Table, waivers: pa.Table) -> Ruling:
    """
    Give a ruling with the waived rules moved from the failed ones to the flags.

    Args:
        stories: those ruled on, in that order. waivers: columns of `review_columns.WAIVERS`; one
            holds for the story of that id while its words are the same.
    """
    if not ruling.failed or not waivers.num_rows:
        return ruling
    released = {(row["story_id"], row["text_hash"]): row["rules"] for row in waivers.to_pylist()}
    rows = sorted(ruling.failed)
    told = stories.select(["story_id", "text_hash"]).take(pa.array(rows, pa.int64())).to_pylist()
    flags, failed, observed = dict(ruling.flags), dict(ruling.failed), dict(ruling.observed)
    for row, story in zip(rows, told, strict=True):
        rules = released.get((story["story_id"], story["text_hash"]), ())
        flags[row] = [*flags.get(row, []), *(rule for rule in failed[row] if rule in rules)]
        failed[row] = [rule for rule in failed[row] if rule not in rules]
        observed[row] = [said for said in observed.get(row, []) if said["rule"] not in rules]
    return replace(ruling, flags=flags, failed=failed, observed=observed)
