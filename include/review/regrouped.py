"""Describe how a correction regrouped the stories of a page, by the characters they share."""

from collections.abc import Sequence
from typing import Any

from include.text import pluralize

Story = dict[str, Any]
HEADLINE_CHARS = 60


def describe_regrouping(before: Sequence[Story], after: Sequence[Story]) -> list[str]:
    """
    Return one line per story that was merged, split, removed or added; none if all are unchanged.

    Args:
        before, after: stories of the same page's characters, in page order, with `page_id`,
            `story_no`, `headline` and `body_spans`.
    """
    successors = [[new for new in after if _overlap(old, new)] for old in before]
    sources = [[old for old in before if _overlap(old, new)] for new in after]
    lines = [
        f"{_count(olds)} became one: {_name(new)}"
        for new, olds in zip(after, sources, strict=True)
        if len(olds) > 1
    ]
    lines += [
        f"{_name(old)} became {len(news)} stories: {', '.join(map(_name, news))}"
        for old, news in zip(before, successors, strict=True)
        if len(news) > 1
    ]
    lines += [
        f"{_name(old)} is no longer a story"
        for old, news in zip(before, successors, strict=True)
        if not news
    ]
    lines += [f"{_name(new)} is new" for new, olds in zip(after, sources, strict=True) if not olds]
    return lines


def _count(stories: Sequence[Story]) -> str:
    return f"{pluralize(len(stories), 'story')} ({', '.join(map(_name, stories))})"


def _name(story: Story) -> str:
    headline = story["headline"] or "(no headline)"
    cut = headline if len(headline) <= HEADLINE_CHARS else headline[: HEADLINE_CHARS - 1] + "…"
    return f"“{cut}”"


def _overlap(one: Story, other: Story) -> bool:
    """Return whether two stories of a page share characters of their bodies."""
    return one["page_id"] == other["page_id"] and any(
        a["start"] < b["end"] and b["start"] < a["end"]
        for a in one["body_spans"]
        for b in other["body_spans"]
    )
