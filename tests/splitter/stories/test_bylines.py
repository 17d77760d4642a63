"""Names are quoted from bylines; anything that is not a name gives none."""

import pytest

from include.splitter.stories.bylines import is_name, read_bio, read_names

AGENCIES = frozenset({"dpa", "ap", "associated press"})


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
        ("Von: Änne Löhr", "Änne Löhr"),
        ("Link    Redakteur: Änne Löhr", "Änne Löhr"),
        ("Do |  | Von Änne Löhr", "Änne Löhr"),
        ("Review by Ann Lee Contributor", "Ann Lee"),
        ("By Ann Lee and Bo Ray The Associated Press", "Ann Lee and Bo Ray"),
        ("Written by Ann Lee, Bo Ray, and Cy Fox", "Ann Lee, Bo Ray, and Cy Fox"),
        ("By Ann Lee, Ph.D.", "Ann Lee"),
        ("By Ann Lee in Oslo,  | .", "Ann Lee"),
        ("by Ann Lee on  | ", "Ann Lee"),
        ("[Front] Posted  |  (Thu) by hiro", "hiro"),
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


@pytest.mark.parametrize(
    ("box", "name"),
    [
        ("Ann Lee is a reporter on the harbour desk.", "Ann Lee"),
        ("About the author: Ann van der Lee writes about trams.", "Ann van der Lee"),
        ("Ann Lee (@annlee) is the editor of this page.", "Ann Lee"),
        ("The author is a reporter.", None),
        ("Ann is a reporter on the harbour desk.", None),
    ],
)
def test_a_box_about_the_writer_names_them(box: str, name: str | None) -> None:
    assert read_bio(box) == name
