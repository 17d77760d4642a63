"""The cookbook's answers are what its queries give on the sample inbox."""

from include.terminal.cookbook import BLOCK, COOKBOOK, SECOND_DELIVERY, render_cookbook

TEXT = COOKBOOK.read_text(encoding="utf-8")


def test_the_cookbook_shows_what_its_queries_give() -> None:
    assert render_cookbook(TEXT) == TEXT, "run `python -m include.terminal.cookbook`"


def test_every_question_has_a_query_and_an_answer() -> None:
    questions = TEXT.split("\n### ")[1:]
    assert len(questions) >= 25
    for question in questions:
        (block,) = BLOCK.findall(question)
        assert block[2].count("\n") > 1, question.splitlines()[0]


def test_the_last_questions_are_asked_after_a_second_delivery() -> None:
    assert TEXT.count(SECOND_DELIVERY) == 1
