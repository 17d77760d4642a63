"""Shared words: a headline's words recur below it, a link's do not."""

import numpy as np
import polars as pl

from include.splitter.features.cohesion import (
    find_echoes,
    find_words,
    measure_cohesion,
    read_site_words,
)
from include.splitter.line_arrays import find_ground
from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.lines import find_lines

STORY = (
    "Harbour bridge closes for repairs",
    "The harbour bridge will close on Monday while engineers replace its southern bearings. "
    "Repairs are to last until spring, the council said, and ferries will run instead.",
    "Most viewed galleries",
    "Nothing whatsoever here speaks about what stood above, as a paragraph on penguins shows.",
)


def looked(*pages: tuple[str, ...]) -> pl.DataFrame:
    texts = ["\n".join(lines) for lines in pages]
    schema = {"page": pl.UInt32, "text": pl.String}
    table = pl.DataFrame({"page": range(len(texts)), "text": texts}, schema)
    return describe_appearance(find_lines(table))


def test_a_headline_recurs_below_and_a_link_does_not() -> None:
    lines = looked(STORY)
    echoes = find_echoes(find_words(lines), lines["size"].to_numpy() >= 80)
    assert echoes["echo_below"][0] > 20
    assert echoes["echo_below"][2] == 0


def test_words_of_another_page_do_not_count() -> None:
    lines = looked(STORY[:1], STORY[1:2])
    echoes = find_echoes(find_words(lines), lines["size"].to_numpy() >= 80)
    assert echoes["echo_page"].tolist() == [0, 0]


def test_a_page_shares_the_same_alone_and_in_company() -> None:
    alone, both = looked(STORY), looked(STORY, STORY)
    one = find_echoes(find_words(alone), alone["size"].to_numpy() >= 80)
    two = find_echoes(find_words(both), both["size"].to_numpy() >= 80)
    for name, values in one.items():
        assert two[name][4:].tolist() == values.tolist()


def test_inflected_words_and_chinese_and_japanese_are_matched() -> None:
    lines = looked(
        (
            "Правительство решило.",
            "Решение правительства: да.",
            "南海トラフの巨大地震、調査です。",
        )
    )
    words = find_words(lines)
    by_line = [set(words.key[words.line == at].tolist()) for at in range(3)]
    assert len(by_line[0] & by_line[1]) == 1
    assert len(by_line[2]) == 3


def test_site_words_are_counted() -> None:
    lines = looked(("We use cookies and ask for your consent to send newsletters.", STORY[1]))
    echoes = find_echoes(find_words(lines), lines["size"].to_numpy() >= 80)
    assert echoes["site_words"].tolist() == [3, 0]
    assert len(read_site_words()) > 100


def test_stretches_on_one_subject_share_words_and_on_two_do_not() -> None:
    lines = looked((STORY[1], STORY[0], STORY[3]))
    words = find_words(lines)
    ground = find_ground(lines["page"].to_numpy())
    told = lines["size"].to_numpy() > 0
    above, _, beside = measure_cohesion(words, told, np.arange(3), np.zeros(3, np.int64), ground)
    assert above[1] == beside[1] > 20
    assert above[2] < 6


def test_lines_without_words_are_none() -> None:
    lines = looked(("12", "34"))
    words = find_words(lines)
    assert not len(words.key)
    assert find_echoes(words, lines["size"].to_numpy() >= 80)["echo_words"].tolist() == [0, 0]
