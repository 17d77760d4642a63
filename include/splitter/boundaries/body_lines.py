"""
Find the lines of body: the classifier's, corrected by rules that are certain.
"""

import numpy as np

from include.splitter.line_arrays import Bools, Table, run_ids, sum_over
from include.splitter.model.line_classifier import BODY, CHROME, SIDE, SURE, Reading
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.roles.roles import Roles

SURE_CHROME = (
    "twice", "again", "comment", "share", "advert", "widget", "numbered", "outlet", "appeal",
    "related", "pointer", "disclosure", "legal", "table", "here", "anywhere", "paywall", "offer",
    "more", "correction", "first", "page", "page_again", "contact", "author", "release",
)  # fmt: skip
SURELY = 10  # a wrapped paragraph is chrome only if its other classes hold less than 1 in 10
STOPPED_SIZE = 20  # shortest line whose breaking off mid-sentence is not chance


def reads_like_body(reading: Reading, prose: Bools) -> Bools:
    """
    Return which lines are body; prose in doubt between body and side matter counts as body.

    A deck taken for a paragraph costs a user little, a lost first paragraph much.
    """
    kind = reading.kind
    doubtful = prose & (kind == SIDE) & (4 * reading.kinds[:, BODY] > reading.kinds[:, SIDE])
    return (kind == BODY) | doubtful


def find_body(reading: Reading, roles: Roles, table: Table, inner: Bools) -> Bools:
    """
    Find the body lines: the classifier's, corrected by rules that are certain.

    Certain are SURE_CHROME, a block that opens with a legal line, and a line that breaks off
    mid-sentence directly above body, which is body too. inner: n; lines that open no segment.
    """
    ruled_out = np.isin(roles.why, [WHY[name] for name in SURE_CHROME])
    small = np.isin(roles.role, [ROLE["legal"], ROLE["disclosure"]])
    tight = table["excess"] < 0
    ruled_out[1:] |= small[:-1] & tight[1:]
    ruled_out[:-1] |= small[1:] & tight[1:]
    group = run_ids(~roles.joined)  # lines of a wrapped paragraph share one fate
    read = reads_like_body(reading, roles.prose)
    wrapped = (sum_over(roles.joined, group) > 0) & roles.prose  # few training pages are wrapped
    weak_chrome = sum_over(SURE - reading.kinds[:, CHROME], group) * SURELY > SURE * sum_over(
        ~ruled_out, group
    )
    body = ((sum_over(read, group) > 0) | (wrapped & weak_chrome)) & ~ruled_out
    above = np.r_[body[1:], False][: len(body)] & (table["gap_below"] == 0)
    stops = table["stops"].astype(bool) & (roles.size >= STOPPED_SIZE) & inner
    return body | (above & stops & ~ruled_out)
