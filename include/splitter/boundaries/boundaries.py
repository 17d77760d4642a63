"""
Cut pages into stories: which lines start one, which lines each holds, and what each line is.

The classifier says what lines are, the decoder where stories are. Rules overrule both where a sign
is certain, and a line keeps the rule's reason where the two agree.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from include.splitter.boundaries.body_lines import find_body
from include.splitter.boundaries.continuation import (
    find_continuations,
    find_pull_quotes,
    follow_body,
    lower_chances,
    reach_last_body,
)
from include.splitter.boundaries.cut_points import NEVER
from include.splitter.boundaries.decoder import (
    OPEN_AT,
    Decision,
    describe_pages,
    look_up,
    score_starts,
)
from include.splitter.boundaries.headlines import choose_headlines
from include.splitter.boundaries.plan_values import predict_plans
from include.splitter.boundaries.plans import choose_plans, make_plans
from include.splitter.boundaries.second_look import find_leaks
from include.splitter.boundaries.sure_starts import (
    apply_sure_starts,
    find_release_lines,
    find_sure_starts,
    find_wire_heads,
    keep_openings,
    reach_last_sections,
)
from include.splitter.features.cohesion import find_words
from include.splitter.features.features import describe_lines
from include.splitter.features.page_kind import (
    add_page_scores,
    describe_page_kinds,
)
from include.splitter.features.page_readings import describe_page_readings
from include.splitter.line_arrays import (
    Bools,
    Ground,
    Ints,
    Matrix,
    before,
    find_ground,
    last_where,
    next_where,
    sum_over,
)
from include.splitter.model.forest import sum_trees
from include.splitter.model.line_classifier import (
    CAPTION,
    CHROME,
    HEADLINE,
    SIDE,
    Reading,
    read_lines,
)
from include.splitter.model.model_file import Model
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.roles.remaining import find_leads, name_remaining
from include.splitter.roles.roles import Roles
from include.splitter.roles.start_signs import Evidence, find_small_tails, weigh_lines

NO_START = (  # 1 of 2,750 starts of dev2
    "pointer", "legal", "comment", "table", "paywall", "offer", "more", "correction", "first",
    "page", "page_again", "contact", "author", "release",
)  # fmt: skip


@dataclass(frozen=True)
class Stories:
    """
    The stories of a batch, as arrays.

    story: n; each line's story, numbered from 0 over the batch; -1 for none. role, why: n; final.
    share: n; the classifier's share of 255 for the line's class. sure: k; the probability in
    1000ths that the story is right. signs: k × len(SIGNS) bools. reviewed: k, overridden.
    """

    story: Ints
    role: Ints
    why: Ints
    share: Ints
    sure: Ints
    signs: Bools
    reviewed: Bools


def find_stories(looked: pl.DataFrame, roles: Roles, model: Model) -> Stories:
    """
    Cut pages into stories.

    Args:
        looked: n lines, columns of `describe_appearance`. roles: of the same lines.
    """
    ground = find_ground(looked["page"].to_numpy())
    evidence = weigh_lines(looked, roles, ground.page, ground.first, ground.last)
    words = find_words(looked)
    table = describe_lines(looked, roles, evidence, ground, words)
    reading = read_lines(Matrix(table), words, ground, model.net)
    pages = describe_page_kinds(looked, roles, table, words, ground)
    readings = describe_page_readings(reading, roles.size, words, model.net.vocabulary, ground)
    pages = np.hstack([pages, readings])
    table = add_page_scores(table, sum_trees(pages, model.page), ground.page)
    scores = score_starts(Matrix(table), table, reading, roles.size, ground, model.starts)
    never = (roles.book_pages > 0) | np.isin(roles.why, [WHY[name] for name in NO_START])
    wire = find_wire_heads(roles, ground)
    never |= roles.continued | find_release_lines(wire, roles, ground)
    scores[never] = NEVER
    opening = np.flatnonzero(scores >= OPEN_AT)
    never[find_pull_quotes(looked, opening, roles.prose, ground)] = True
    scores[never] = NEVER
    sure = find_sure_starts(evidence, roles, ground)
    scores[sure | wire] = np.maximum(scores[sure | wire], OPEN_AT)
    body = find_body(reading, roles, table, scores < OPEN_AT)
    points, segments = describe_pages(table, reading, body, roles.size, ground, scores, words)
    chances = look_up(sum_trees(segments.rows, model.story), model.chance)
    chances = keep_openings(chances, wire, roles.wire_opening, points, segments)
    sure |= wire & (sum_over(wire, ground.page) > 1)  # two reports of one agency are two stories
    chances = apply_sure_starts(chances, sure, points, segments)
    plans = make_plans(
        points, segments, chances, table, reading, body, roles.size, ground, never, sure
    )
    values = predict_plans(
        plans, pages, table, reading, body, roles.size, ground, scores, words, sure, model.plan
    )
    decision = choose_plans(plans, values, points, table, body, ground, sure)
    decision = reach_last_sections(decision, roles, body, ground)
    decision, body = choose_headlines(
        decision, sure | wire, table, reading, body, roles.size, ground, scores, never, model.head
    )
    leaks = find_leaks(decision, table, reading, body, roles.size, ground, model.leaks) & ~sure
    body &= ~leaks
    goes_on = find_continuations(looked, table, roles, reading) & ~leaks
    roles = _reconcile_roles(roles, reading, body, leaks)
    del table, words, points, segments, plans  # 250 bytes per line: a page may have millions
    return _assign_lines(roles, reading, body, goes_on, decision, evidence, ground)


def _reconcile_roles(roles: Roles, reading: Reading, body: Bools, leaks: Bools) -> Roles:
    """
    Reconcile the rules' roles with the classifier's.

    A line classified as chrome or a caption becomes one, a leak the likelier of the two; a line
    that a rule named body and that is classified as a heading or side matter is left open for
    `name_remaining`.
    """
    role, why = roles.role.copy(), roles.why.copy()
    likelier = np.where(reading.kinds[:, CAPTION] >= reading.kinds[:, CHROME], CAPTION, CHROME)
    kind = np.where(leaks, likelier, reading.kind)
    was_body, was_open = role == ROLE["body"], role == ROLE["other"]
    opened = (body | (was_body & np.isin(kind, [HEADLINE, SIDE]))) & ~(body & was_body)
    role[opened], why[opened] = ROLE["other"], WHY["none"]
    for number, name, reason in (
        (CAPTION, "caption", "read_caption"), (CHROME, "other", "read_chrome"),
    ):  # fmt: skip
        named = (kind == number) & (was_body | was_open) & ~body
        role[named], why[named] = ROLE[name], WHY[reason]
    return replace(roles, role=role, why=why)


def _assign_lines(
    roles: Roles, reading: Reading, body: Bools, goes_on: Bools, decision: Decision,
    evidence: Evidence, ground: Ground,
) -> Stories:  # fmt: skip
    """Give every line its story, from the headline to the last paragraph, and its final role."""
    ids, starts = ground.ids, decision.starts
    is_start = np.zeros(len(ids), dtype=bool)
    is_start[starts] = True
    start_at = last_where(is_start, ground.first)
    opens = np.where(start_at >= 0, next_where(body, ground.last)[start_at], -1)
    until = np.zeros(len(ids), dtype=np.int64)
    until[starts] = decision.ends
    past = (start_at >= 0) & (ids >= until[np.maximum(start_at, 0)])
    tails = find_small_tails(roles, evidence, ground.last) & ~is_start
    small = (start_at >= 0) & (last_where(tails, ground.first) > opens)
    out = (start_at < 0) | past | small
    story_body = body & ~out & (ids >= opens)
    follows = follow_body(story_body, goes_on & ~is_start & ~small, ground)
    rows = follows & (roles.role == ROLE["table"])
    story = np.where(start_at >= 0, np.cumsum(is_start) - 1, -1)
    inside = (~out | follows) & (story >= 0) & reach_last_body(story_body | follows, story)
    near = inside | (before(inside, ground.first, 1) & ~is_start).astype(bool)
    sure = lower_chances(decision.sure, reading, roles.size, story, story_body | follows, near)
    follows &= ~rows
    story_body |= follows
    role, why = roles.role.copy(), roles.why.copy()
    role[follows], why[follows] = ROLE["body"], WHY["sentence"]
    heads = starts[~body[starts]]  # whatever role a rule gave them
    role[heads], why[heads] = ROLE["other"], WHY["none"]
    roles = replace(roles, role=role, why=why)
    role, why = name_remaining(roles, ids, start_at, opens, inside, story_body)
    for mask, reason in ((start_at < 0, "ahead"), (small, "small"), (past & body, "unlikely")):
        lost = mask & np.isin(why, (WHY["none"], WHY["prose"]))
        role[lost], why[lost] = ROLE["other"], WHY[reason]
    tail = ~inside & np.isin(role, [ROLE["other"], ROLE["body"]])
    plain = tail & np.isin(why, (WHY["none"], WHY["prose"]))
    role[tail] = ROLE["other"]
    why[plain] = WHY["tail"]
    story = np.where(inside, story, -1)
    lead = find_leads(roles, story, is_start, ground.last)
    story = np.where(lead >= 0, lead, story)
    share = reading.kinds.max(axis=1) if len(ids) else ids
    reviewed = np.zeros(len(starts), dtype=bool)
    return Stories(story, role, why, share, sure, evidence.signs[starts], reviewed)
