"""
Correct two kinds of error of the classifier: short text lost below a story, and pull quotes.

A lost paragraph costs a user more than a leaked line, so text directly below paragraphs is chrome
only if the classifier is sure. A pull quote is set like a headline but repeats a paragraph's words.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ground, Ints, Table, last_where
from include.splitter.model.line_classifier import BODY, CHROME, SURE, Reading
from include.splitter.roles.reasons import ROLE
from include.splitter.roles.roles import Roles

SENTENCE_WORDS = 3
SENTENCE_AT = 200  # in 255ths, of chrome; from 150 to 200 as many sentences of dev2 are body as not
ITEM_AT = 150  # the same for list items, which links look like
VERSE_AT = 190  # the same for lines that end in a comma: no button and no link does
OTHER_AT = 128  # in 255ths; a heading, a caption or side matter is none of the story's text
COMMAS = (",", ";", "，", "、", "،")
QUOTE_CHARS = (20, 220)
QUOTE_REACH = 15  # lines around a pull quote in which its paragraph is
LONGER = 20  # characters that the paragraph has more
EDGES = " \t\"“”„«»'‘’‚‹›「」『』()[]*.,:;!?…—–-"


def find_continuations(
    looked: pl.DataFrame, table: Table, roles: Roles, reading: Reading
) -> Bools:  # fmt: skip
    """
    Find the lines that belong to a story whose paragraphs they follow: sentences, items, verse.

    Args:
        looked, roles, reading: of the same n lines. table: as `describe_lines` returns it.
    """
    kinds = reading.kinds
    words = looked["words"].to_numpy()
    phrases = [name for name in looked.columns if name.startswith("is_")]
    spoken_of = looked.select(pl.any_horizontal(phrases)).to_series().to_numpy()
    plain = np.isin(roles.role, [ROLE["other"], ROLE["body"]]) & ~spoken_of
    text = (kinds[:, 2:].max(axis=1) < OTHER_AT) & plain & (table["excess"] <= 0)
    sentence = table["ends"].astype(bool) & ~table["cut"].astype(bool) & (words >= SENTENCE_WORDS)
    verse = looked["text"].str.tail(1).is_in(COMMAS).to_numpy() & (words >= SENTENCE_WORDS)
    goes_on = sentence & (kinds[:, CHROME] < SENTENCE_AT)
    goes_on |= roles.listed & (kinds[:, CHROME] < ITEM_AT)
    goes_on |= verse & (kinds[:, CHROME] < VERSE_AT)
    return (text & goes_on) | ((roles.role == ROLE["table"]) & (table["excess"] <= 0))


def follow_body(body: Bools, goes_on: Bools, ground: Ground) -> Bools:
    """Find the lines that go on from body: a run of `goes_on` lines directly below it."""
    goes_on = goes_on & ~body
    above = last_where(~goes_on, ground.first)
    return goes_on & (above >= 0) & body[np.maximum(above, 0)]


def reach_last_body(story_body: Bools, story: Ints) -> Bools:
    """Find the lines that stand at or above their story's last body line."""
    if not len(story) or story.max() < 0:
        return np.zeros(len(story), dtype=bool)
    ends = np.full(story.max() + 1, -1)
    ends[story[story_body]] = np.flatnonzero(story_body)  # ascending, so the last one stays
    return (story >= 0) & (np.arange(len(story)) <= ends[story])


def lower_chances(
    chances: Ints, reading: Reading, size: Ints, story: Ints, kept: Bools, near: Bools
) -> Ints:  # fmt: skip
    """
    Lower each story's chance by the share of its text that may have been lost.

    Args:
        chances: k, in 1000ths. story: n; each line's story or -1. kept: n; body lines. near: n;
            lines in a story or right below it.
    """
    share = np.where(kept, SURE, np.where(near, reading.kinds[:, BODY], 0))
    weight = size.astype(np.int64) * share  # a line may have ten million characters
    known = story >= 0
    lost = np.bincount(story[known], (weight * ~kept)[known], len(chances)).astype(np.int64)
    whole = np.bincount(story[known], weight[known], len(chances)).astype(np.int64)
    return chances - chances * lost // np.maximum(whole, 1)


def find_pull_quotes(looked: pl.DataFrame, at: Ints, prose: Bools, ground: Ground) -> Ints:
    """
    Find the lines whose words a longer paragraph of the page repeats.

    Args:
        at: the lines to look at: those that would start a story. prose: n; paragraphs.
    Returns:
        Those of `at` that have a paragraph above them and are pull quotes.
    """
    paragraphs = np.flatnonzero(prose)
    at = at[last_where(prose, ground.first)[at] >= 0]
    low = np.searchsorted(paragraphs, np.maximum(ground.first[at], at - QUOTE_REACH))
    high = np.searchsorted(paragraphs, np.minimum(ground.last[at], at + QUOTE_REACH), "right")
    quotes, texts = (looked["text"].gather(some).to_list() for some in (at, paragraphs))
    folded: dict[int, str] = {}
    quote_lines = []
    for line, quoted, begin, end in zip(at.tolist(), quotes, low, high, strict=True):
        quote = quoted.strip(EDGES).casefold()
        if not QUOTE_CHARS[0] <= len(quote) <= QUOTE_CHARS[1]:
            continue
        for own in range(begin, end):
            if len(texts[own]) < len(quote) + LONGER or paragraphs[own] == line:
                continue
            if own not in folded:
                folded[own] = texts[own].casefold()
            if quote in folded[own]:
                quote_lines.append(line)
                break
    return np.array(quote_lines, dtype=np.int64)
