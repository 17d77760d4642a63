"""
Name the lines left open once stories are cut: headlines and repeats, decks, subheads, lists.
"""

import numpy as np

from include.splitter.line_arrays import Bools, Ints, next_where
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.roles.roles import LIST_RUN, Roles

REACH = 3  # lines within which a byline, date, caption or outlet belongs to a headline
DECK_SIZE = 40  # shorter lines between headline and story are section names and labels
SUBHEAD_SIZE = 110  # longest subhead; a longer line between paragraphs is a deck


def name_remaining(
    roles: Roles, ids: Ints, start_at: Ints, opens: Ints, inside: Bools, story_body: Bools
) -> tuple[Ints, Ints]:
    """
    Name the lines still open: body, headlines and their repeats, decks, subheads and lists.

    Args:
        ids: n, 0 to n - 1; start_at: n, each line's story's first line; opens: n, its first prose.
        inside: n, within a story; story_body: n, paragraphs of a story.
    Returns:
        n roles (index into ROLES) and n reasons (index into WHYS).
    """
    role, why = roles.role.copy(), roles.why.copy()

    def name(mask: Bools, role_name: str, reason: str) -> None:
        role[mask], why[mask] = ROLE[role_name], WHY[reason]

    open_role = inside & (roles.role == ROLE["other"]) & (roles.why == WHY["none"])
    above, within = open_role & (ids < opens), open_role & (ids >= opens)
    name(story_body & (roles.role == ROLE["other"]), "body", "read_body")
    name(story_body & roles.spoken & (roles.role == ROLE["other"]), "body", "between")
    name(story_body & (role == ROLE["body"]) & (roles.listed | roles.rowed), "list", "list")
    head = start_at == ids
    repeat = above & ~head & (roles.key == roles.key[np.maximum(start_at, 0)])
    name(above & head, "headline", "headline")
    name(repeat, "headline", "repeat")
    name(above & ~head & ~repeat & (roles.size >= DECK_SIZE), "deck", "deck")
    rest = within & ~story_body
    name(rest & (roles.listed | roles.rowed), "list", "list")
    long = rest & ~roles.listed & ~roles.rowed & (roles.size > SUBHEAD_SIZE)
    name(long, "deck", "deck")
    rest &= ~long
    in_run = rest & ~roles.listed & ~roles.rowed & (roles.listing >= LIST_RUN)
    name(in_run, "table", "run")  # scores, rosters: 110 of 166 on dev2 are side matter, 31 chrome
    name(rest & ~roles.listed & ~roles.rowed & ~in_run, "subhead", "subhead")
    return role, why


def find_leads(roles: Roles, story: Ints, is_start: Bools, last: Ints) -> Ints:
    """Assign bylines, dates and outlets directly above a headline to its story; others get -1."""
    ids = np.arange(len(story))
    meta = np.isin(roles.role, [ROLE["byline"], ROLE["dateline"], ROLE["credit"]])
    start_below = next_where(is_start, last)
    other_below = next_where(~meta & ~is_start, last)
    near = (start_below > ids) & (start_below - ids <= REACH)
    bare = (other_below < 0) | (other_below > start_below)
    led = meta & (story < 0) & near & bare
    return np.where(led, story[np.maximum(start_below, 0)], -1)
