"""Short text below paragraphs stays in its story; a pull quote starts none."""

import numpy as np
import pytest

from include.splitter.boundaries.continuation import follow_body
from include.splitter.line_arrays import find_ground
from include.splitter.split import split_pages
from tests.splitter.conservation import table
from tests.splitter.roles.test_set_apart import BODY

QUOTE = "Nobody had expected the vote to be so close"
PARAGRAPH = f"“{QUOTE},” said Mabel Stroud, who has counted every lamp on the far shore for years."


def stories(*blocks: str) -> list[dict[str, object]]:
    return split_pages(table("\n\n".join(blocks))).stories.to_pylist()


def test_a_run_of_lines_follows_the_body_above_it_on_its_page() -> None:
    body = np.array([True, False, False, False, False, True, False])
    goes_on = np.array([False, True, True, False, True, False, True])
    page = np.array([0, 0, 0, 0, 0, 0, 1])
    followed = follow_body(body, goes_on, find_ground(page))
    assert followed.tolist() == [False, True, True, False, False, False, False]


@pytest.mark.parametrize(
    "end", ["Vorrin has not yet commented.", "The two sides last met in April."]
)
def test_a_closing_sentence_is_body(end: str) -> None:
    (story,) = stories("Tolvik to reopen talks with Vorrin over fishing line", *BODY, end)
    assert str(story["body"]).endswith(end)


@pytest.mark.parametrize("shown", [f"“{QUOTE}”", QUOTE, f"»{QUOTE}«", QUOTE.upper()])
def test_a_pull_quote_starts_no_story(shown: str) -> None:
    (story,) = stories("The woman who counts the lights", *BODY[:2], shown, PARAGRAPH, BODY[2])
    assert str(story["body"]).split("\n\n")[-1] == BODY[2]


def test_the_items_of_a_list_between_paragraphs_are_body() -> None:
    items = ["• Dogs must be on a lead, and cats in a basket", "• Bicycles travel free on weekdays",
             "• Tickets bought before 1 March stay valid until the end of the year"]  # fmt: skip
    lead = "Travellers should note the following:"
    (story,) = stories("What changes at the ferry from Monday", *BODY[:2], lead, *items, BODY[2])
    assert all(item in str(story["body"]) for item in items)
