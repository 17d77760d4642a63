"""The second look removes doubtful lines of body, but never a story's last one."""

import numpy as np

from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.second_look import (
    AROUND,
    DOUBTFUL,
    describe_doubtful,
    find_doubtful,
    find_leaks,
)
from include.splitter.line_arrays import find_ground
from include.splitter.model.forest import Forest
from include.splitter.model.line_classifier import BODY, CLASSES, SURE, Reading

GROUND = find_ground(np.array([0, 0, 0, 0, 0, 1, 1]))
TEXT = np.array([0, 1, 1, 1, 0, 0, 1], dtype=bool)
STORIES = Decision(np.array([0, 5]), np.array([4, 7]), np.array([900, 800]))
SIZE = np.full(7, 60)
TABLE = {name: np.arange(7) % 2 for name in AROUND}


def read(*body: int) -> Reading:
    kinds = np.zeros((7, len(CLASSES)), dtype=np.int64)
    kinds[:, BODY] = body
    return Reading(kinds, np.zeros(7, dtype=np.int64))


def always(value: int) -> Forest:
    whole, byte = np.zeros((1, 1), dtype=np.int16), np.zeros((1, 1), dtype=np.uint8)
    return Forest(whole, whole.astype(np.int32), byte, byte, whole + value, whole[0])


def test_only_doubtful_body_inside_a_story_is_looked_at() -> None:
    at, story = find_doubtful(STORIES, read(9, 9, SURE, DOUBTFUL - 1, 9, 9, 9), TEXT)
    assert at.tolist() == [1, 3, 6]
    assert story.tolist() == [0, 0, 1]
    at, _ = find_doubtful(STORIES, read(*[9] * 7), np.ones(7, dtype=bool))
    assert at.tolist() == [0, 1, 2, 3, 5, 6]  # the fourth stands below its story's end


def test_leaks_are_no_body_but_every_story_keeps_some() -> None:
    reading = read(9, 9, SURE, 9, 9, 9, 9)
    leaks = find_leaks(STORIES, TABLE, reading, TEXT, SIZE, GROUND, always(1))
    assert np.flatnonzero(leaks).tolist() == [1, 3]
    assert not find_leaks(STORIES, TABLE, reading, TEXT, SIZE, GROUND, always(-1)).any()


def test_a_line_is_described_alike_alone_and_in_a_batch() -> None:
    reading = read(*range(7))
    both = describe_doubtful(
        np.array([1, 6]), np.array([0, 1]), STORIES, TABLE, reading, TEXT, SIZE, GROUND
    )
    own = Decision(np.array([0]), np.array([2]), np.array([800]))
    alone = describe_doubtful(
        np.array([1]), np.array([0]), own, {name: part[5:] for name, part in TABLE.items()},
        Reading(reading.kinds[5:], reading.starts[5:]), TEXT[5:], SIZE[5:],
        find_ground(np.array([0, 0])),
    )  # fmt: skip
    assert both[1:].tolist() == alone.tolist()
