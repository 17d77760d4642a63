"""Names are quoted from bylines; anything that is not a name gives none."""

import pytest

from include.splitter.stories.bylines import is_name, read_names

AGENCIES = frozenset({"dpa", "ap"})


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("BY ANN LEE", "ANN LEE"),
        ("ByAnn Lee", "Ann Lee"),
        ("By Ann Lee and Bo van Ray, Staff", "Ann Lee and Bo van Ray"),
        ("By Ann Lee, Bo Ray and C. D. Fox", "Ann Lee, Bo Ray and C. D. Fox"),
        ("by Ann Lee , Medical Weekly", "Ann Lee"),
        ("By Ann Lee | The Bay Herald", "Ann Lee"),
        ("By Ann Lee in Oslo and Bo Ray in Bergen", "Ann Lee in Oslo and Bo Ray"),
        ("Von Änne Löhr, Volontärin (Sport)", "Änne Löhr"),
        ("Von Änne Löhr und Bo Ray, dpa", "Änne Löhr und Bo Ray, dpa"),
        ("Von dpa", "dpa"),
        ("Par Les Nouvelles", "Les Nouvelles"),
        ("Posted on  |  by hiro", "hiro"),
        ("Publiziert am  |  von Tom Stein", "Tom Stein"),
        ("カテゴリー: 絵 |  |  | 投稿者: hiro", "hiro"),
        ("Autor: Jan Kos", "Jan Kos"),
    ],
)
def test_the_names_are_quoted_and_nothing_else(line: str, names: str) -> None:
    assert read_names(line, AGENCIES) == names
    assert names in line


@pytest.mark.parametrize(
    "line",
    [
        "By", "By |", "By the time he left", "Von Kiel bis Aachen: Im Netz der Fischer",
        "Di Rossi si dimette", "By 2030", "World News", "Par exemple",
    ],
)  # fmt: skip
def test_anything_else_gives_no_name(line: str) -> None:
    assert read_names(line, AGENCIES) is None


def test_a_person_has_two_names_or_more_and_no_title() -> None:
    assert is_name("Ann van der Lee")
    assert not is_name("Ann")
    assert not is_name("Formel 1")
    assert not is_name("Ann Lee Columnist")
