"""One thing is one, and many are many."""

import pytest

from include.text import pluralize, shorten


@pytest.mark.parametrize(
    ("number", "noun", "told"),
    [
        (0, "story", "0 stories"),
        (1, "story", "1 story"),
        (1200, "story", "1,200 stories"),
        (1, "page", "1 page"),
        (2, "day", "2 days"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, noun: str, told: str) -> None:
    assert pluralize(number, noun) == told


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    assert shorten("abc/def/ghi.txt", 15) == "abc/def/ghi.txt"
    assert shorten("abc/def/ghi.txt", 9) == "abc/….txt"
