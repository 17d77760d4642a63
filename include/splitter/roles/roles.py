"""
Name each line's role and the reason, from its appearance and its surroundings.

Structure comes first (repetition, isolation, lists), phrases second. A role may still change:
`boundaries` decides which story a line belongs to.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.splitter.chrome_book.book import EMPTY_BOOK, ChromeBook, look_up
from include.splitter.line_arrays import (
    Bools,
    Ints,
    after,
    before,
    last_where,
    next_where,
    page_bounds,
    run_ids,
    sum_over,
)
from include.splitter.lines.repeats import (
    find_doubled_captions,
    find_doubled_headlines,
    find_outlet_names,
    find_repeats,
)
from include.splitter.roles.columns import find_items
from include.splitter.roles.notices import find_notices
from include.splitter.roles.people import find_author_boxes, find_contacts
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.roles.set_apart import find_consent, find_pointers, find_table_rows
from include.splitter.roles.wire import find_headings, find_openings

PROSE_SIZE = 80  # shortest line that counts as prose by length and sentence end alone
ASKING_SIZE = 140  # longest first line that may be a headline although it ends like a sentence
LONG_SIZE = 200  # a line this long is prose without a sentence end (cut paragraphs)
BRIEF_WORDS = 5  # shortest sentence that counts as prose when surrounded by prose
LIST_RUN = 4  # consecutive lines that make a list of links
HEADLINE_SIZE = (12, 220)


@dataclass(frozen=True)
class Roles:
    """
    What each line is, before stories are cut. Arrays of n lines.

    role: index into ROLES; why: index into WHYS.
    prose: may be a story's text. head_like: may be its headline. closes: text after it belongs to
    no story. doubled: the next line that repeats this one with only captions between; -1 if none.
    joined: continues the line above (a wrapped paragraph). listing: length of the list it is in.
    spoken: a sentence too short to count as prose alone. rowed: a table row. stamped: a time of day
    and nothing else. book_pages: pages on which the chrome book saw the line, or 0. continued:
    opens a later page of an article, so that no story starts there. wire_opening: a paragraph that
    opens with place and day, or place and agency. column_item: the heading of a column's item.
    """

    role: Ints
    why: Ints
    prose: Bools
    head_like: Bools
    closes: Bools
    doubled: Ints
    joined: Bools
    listing: Ints
    spoken: Bools
    listed: Bools
    rowed: Bools
    key: np.ndarray
    size: Ints
    stamped: Bools
    book_pages: Ints
    continued: Bools
    wire_opening: Bools
    column_item: Bools


def name_roles(
    looked: pl.DataFrame,
    appeals: Bools,
    book: ChromeBook = EMPTY_BOOK,
    page_outlets: pl.DataFrame | None = None,
) -> Roles:
    """
    Name the role of every line.

    Args:
        looked: n lines with the columns of `describe_appearance`.
        appeals: n; lines whose words open another paragraph of their page.
        book: lines that sites repeat; they are never prose and never headlines.
    """
    page = looked["page"].to_numpy().astype(np.int64)
    first, last = page_bounds(page)
    c = {name: looked[name].to_numpy() for name in looked.columns if name != "text"}
    size, words, gap = c["size"], c["words"], c["gap"].astype(np.int64)
    joined = _find_joined(c, first)
    close = (gap == 0) & (np.arange(len(gap)) > first)
    twice = find_doubled_captions(c, first, last, close)
    role = np.full(len(page), ROLE["other"])
    why = np.full(len(page), WHY["none"])

    def name(mask: Bools, role_name: str, why_name: str) -> None:
        free = mask & (role == ROLE["other"])
        role[free], why[free] = ROLE[role_name], WHY[why_name]

    rows, pointers = find_table_rows(looked, first), find_pointers(looked)
    sentence = c["ends"] & ~c["cut"]
    para_size, para_ends = _paragraph_shape(size, sentence, joined)
    prose = ((para_size >= PROSE_SIZE) & para_ends) | (para_size >= LONG_SIZE)
    prose &= ~_opens_with_question(c, first)
    brief = sentence & (words >= BRIEF_WORDS)
    spoken = prose | brief | joined | _mid_sentence(c, first, last)
    tiny = (size <= 3) | (c["digits"] > 0.9)

    name(twice, "caption", "twice")
    name(find_repeats(c["key"], page, twice), "caption", "again")
    name(appeals, "promo", "appeal")
    name(rows, "table", "table")
    name(find_consent(looked), "legal", "legal")
    name(pointers, "related", "pointer")
    notices = find_notices(looked, first, last)
    for mask, role_name, why_name in (
        (_mask_wrapped(notices.correction, joined), "disclosure", "correction"),
        (_mask_wrapped(notices.paywall, joined), "promo", "paywall"),
        (notices.first, "disclosure", "first"), (notices.offer, "promo", "offer"),
        (notices.more, "navigation", "more"), (notices.page, "navigation", "page"),
        (notices.again, "navigation", "page_again"),
    ):  # fmt: skip
        name(mask, role_name, why_name)
    name(find_contacts(looked, first, last), "contact", "contact")
    name(find_author_boxes(looked, prose, last), "author", "author")
    name(find_headings(looked), "subhead", "release")
    name(c["stamped"], "dateline", "dateline")
    name(tiny, "widget", "widget")
    numbered = _numbered_comments(c, first, last)
    name(numbered, "comment", "numbered")
    for family in ("comment", "related", "share", "advert", "disclosure"):
        name(c[f"is_{family}"] & (~prose | (family == "disclosure")), family, family)
    name(c["is_legal"] & (size <= 200), "legal", "legal")
    name(c["is_navigation"] & ~prose & ~brief, "navigation", "navigation")
    name(c["is_promo"] & ~prose & ~brief, "promo", "promo")
    name(c["is_credit"] & (size <= 300), "caption", "photo")
    outlets = find_outlet_names(looked, page)
    name(outlets, "credit", "outlet")
    name(c["is_byline"] & (words <= 14) & ~sentence, "byline", "byline")
    has_date = c["is_aside"] | c["dated"] | (c["timed"] & (size <= 40))
    name(has_date & (size <= 70) & ~sentence, "dateline", "dateline")
    name(_tags(looked) & ~sentence, "tags", "tags")
    appearance = look_up(book, looked, outlets, page_outlets)
    name(appearance.here, "boilerplate", "here")
    name(appearance.pages > 0, "boilerplate", "anywhere")
    prose &= role == ROLE["other"]
    name(prose, "body", "prose")
    head_like = _head_like(c, sentence) & (role == ROLE["other"])
    doubled = find_doubled_headlines(c["key"], page, head_like, prose)
    listing = _list_runs(role, c, first, head_like & (doubled >= 0))
    closes = (role == ROLE["comment"]) & ~numbered | (role == ROLE["related"]) & ~pointers
    return Roles(
        role, why, prose, head_like, closes, doubled, joined, listing,
        spoken & (role == ROLE["other"]), c["listed"], (c["tabs"] > 0) | rows, c["key"], size,
        c["stamped"], appearance.pages, notices.continued, find_openings(looked, prose),
        find_items(looked, prose, first, last),
    )  # fmt: skip


def _find_joined(c: dict[str, np.ndarray], first: Ints) -> Bools:
    """
    Find the lines that continue the line above: a paragraph wrapped at some column.

    A lower-case first letter shows it; in a block with one such line, so does following a full line
    that does not end a sentence.
    """
    gap, size = c["gap"].astype(np.int64), c["size"]
    open_before = ~before(c["ends"], first) & (before(size, first, fill=0) >= 20)
    close = (gap == 0) & (np.arange(len(gap)) > first) & ~c["listed"]
    small = close & open_before & c["lower"]
    block = run_ids(~((gap == 0) & (np.arange(len(gap)) > first)))
    widest = np.zeros(block[-1] + 1 if len(block) else 0, dtype=np.int64)
    np.maximum.at(widest, block, size)
    wrapped = (sum_over(small, block) > 0) & (widest[block] <= 120)
    full = before(size, first, fill=0) >= 0.7 * widest[block]
    return small | (close & open_before & wrapped & full)


def _mask_wrapped(mask: Bools, joined: Bools) -> Bools:
    """Extend a mask from the first line of each wrapped paragraph to all its lines."""
    opener = np.maximum.accumulate(np.where(joined, -1, np.arange(len(joined))))
    return mask[opener] if len(mask) else mask


def _mid_sentence(c: dict[str, np.ndarray], first: Ints, last: Ints) -> Bools:
    """Find lines that break off mid-sentence directly above another: a link broke the paragraph."""
    close_below = after(c["gap"], last, fill=9) == 0
    return c["stops"] & close_below & (c["gap"] == 0) & (c["words"] >= 4)


def _opens_with_question(c: dict[str, np.ndarray], first: Ints) -> Bools:
    """Find first lines of pages that are headlines ending in a question, exclamation or quote."""
    opens = np.arange(len(first)) == first
    return opens & c["asks"] & (c["size"] <= ASKING_SIZE)


def _paragraph_shape(size: Ints, sentence: Bools, joined: Bools) -> tuple[Ints, Bools]:
    """Give each line its paragraph's size, and whether the paragraph ends like a sentence."""
    group = run_ids(~joined)
    ends = np.zeros(group[-1] + 1 if len(group) else 0, dtype=bool)
    ends[group] = sentence  # the paragraph's last line is written last
    return sum_over(size, group), ends[group]


def _numbered_comments(c: dict[str, np.ndarray], first: Ints, last: Ints) -> Bools:
    """Find runs of numbered lines directly above or below a comment heading."""
    numbered, comment = c["numbered"], c["is_comment"]
    other_up = last_where(~numbered, first)
    other_down = next_where(~numbered, last)
    above = (other_up >= 0) & comment[other_up]
    below = (other_down >= 0) & comment[other_down]
    return numbered & (above | below)


def _tags(looked: pl.DataFrame) -> Bools:
    """Find lines of topic tags: at least three commas and short parts."""
    short = (looked["size"] <= 300).arg_true()
    commas = looked["text"].gather(short).str.count_matches(", ", literal=True).to_numpy()
    is_tags = np.zeros(len(looked), dtype=bool)
    words = looked["words"].gather(short).to_numpy()
    is_tags[short.to_numpy()] = (commas >= 3) & (words <= 3 * (commas + 1))
    return is_tags


def _head_like(c: dict[str, np.ndarray], sentence: Bools) -> Bools:
    """Find lines that may be headlines: of a headline's length, not ending like a sentence."""
    low, high = HEADLINE_SIZE
    fits = (c["size"] >= low) & (c["size"] <= high) & (c["words"] >= 2) & ~c["lower"]
    return fits & (~sentence | c["asks"]) & (c["digits"] < 0.5) & (c["words"] <= 35)


def _list_runs(role: Ints, c: dict[str, np.ndarray], first: Ints, keep: Bools) -> Ints:
    """Give each line the length of its run of short lines without a sentence end."""
    short = (c["size"] < 100) & ~c["ends"] & (role != ROLE["caption"]) & (role != ROLE["body"])
    links = short & (c["gap"] <= 1) & ~keep
    group = run_ids(~(links & before(links, first)))
    return sum_over(links, group) * links
