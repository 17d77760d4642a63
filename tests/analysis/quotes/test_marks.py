"""Which stretches stand between quotation marks, in the marks of many languages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.analysis.quotes.marks import find_paragraphs, find_stretches

MARKS = "\"'“”„‟‘’‚«»‹›「」『』`″"


def quoted(body: str) -> list[str]:
    return [
        body[s.inner_start : s.inner_end]
        for start, end in find_paragraphs(body)
        for s in find_stretches(body, start, end)
    ]


@pytest.mark.parametrize(
    "body",
    [
        'She said "the road is closed" today.',
        "She said “the road is closed” today.",
        "Sie sagte „the road is closed“ heute.",
        "Sie sagte „the road is closed” heute.",
        "Sie sagte »the road is closed« heute.",
        "Elle a dit «the road is closed» hier.",
        "Hon sa ”the road is closed” i dag.",
        "She said ''the road is closed'' today.",
        "She said ``the road is closed'' today.",
        'She said “the road is closed" today.',
        "She said 'the road is closed' today.",
        "She said ‘the road is closed’ today.",
        "Sie sagte ‚the road is closed‘ heute.",
        "Sie sagte ›the road is closed‹ heute.",
        "彼は「the road is closed」と述べた。",
        "彼は『the road is closed』と述べた。",
    ],
)
def test_every_kind_of_mark_is_paired(body: str) -> None:
    assert quoted(body) == ["the road is closed"]


def test_french_marks_may_have_blanks_inside() -> None:
    assert quoted("Il a dit : « la route est fermée ».") == [" la route est fermée "]


@pytest.mark.parametrize(
    "body",
    [
        "The workers' rights and the mayor's plan in the '90s; rock 'n' roll.",
        "It’s the drivers’ decision, isn’t it?",
        'A 5" pipe.',
    ],
)
def test_apostrophes_and_inches_are_no_quotes(body: str) -> None:
    assert quoted(body) == []


def test_an_apostrophe_inside_single_marks_does_not_close_them() -> None:
    body = "He 'regretted the workers' losses and the mayor's silence', the note said."
    assert quoted(body) == ["regretted the workers' losses and the mayor's silence"]


@pytest.mark.parametrize(
    ("body", "outer"),
    [
        ("“She told me ‘go home’ and left,” he said.", "She told me ‘go home’ and left,"),
        ('"She told me "go home" and left," he said.', 'She told me "go home" and left,'),
        ("„Der Satz ‚geh heim‘ war falsch“, sagte er.", "Der Satz ‚geh heim‘ war falsch"),
        ("«Il a dit “va” et partit», dit-elle.", "Il a dit “va” et partit"),
        ("'She said \"go\" and left', he said.", 'She said "go" and left'),
    ],
)
def test_only_the_outer_quote_is_a_stretch(body: str, outer: str) -> None:
    assert quoted(body) == [outer]


def test_a_mark_repeated_at_each_paragraph_makes_one_stretch_per_paragraph() -> None:
    body = "“The road is closed.\n\n“It stays closed,” she said."
    assert quoted(body) == ["The road is closed.", "It stays closed,"]


def test_a_mark_glued_to_the_sentence_before_opens() -> None:
    body = '"It is closed," she told us." Of course it is."'
    assert quoted(body) == ["It is closed,", " Of course it is."]


@given(st.text(alphabet=MARKS + "ab .,\n", max_size=200))
def test_stretches_never_overlap_and_lie_in_their_paragraph(body: str) -> None:
    for start, end in find_paragraphs(body):
        last = start
        for stretch in find_stretches(body, start, end):
            assert last <= stretch.start < stretch.inner_start < stretch.inner_end
            assert stretch.inner_end <= stretch.end <= end
            last = stretch.end


@pytest.mark.parametrize("unit", ['"a ', "“", "'a ", "„a “", "a' ", "«», "])
def test_a_paragraph_of_marks_takes_linear_time(unit: str) -> None:
    body = unit * (400_000 // len(unit))
    before = time.process_time()
    find_stretches(body, 0, len(body))
    assert time.process_time() - before < 8  # a quadratic search takes minutes
