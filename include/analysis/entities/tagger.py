"""
Tag names: person, organisation, place, or another name.

A linear-chain CRF, read as a table of whole numbers (`weights.tsv`) and decoded by Viterbi: sums of
whole numbers are exact, so the same text has the same tags on any machine.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

import numpy as np

from include.analysis.entities.features import (
    describe,
    find_candidates,
    find_run_positions,
    mark_places,
)
from include.analysis.entities.gazetteer import Gazetteer
from include.analysis.entities.tokens import Token
from include.analysis.quotes.language import Language

FILE = Path(__file__).with_name("weights.tsv")
OUTSIDE = "O"
KINDS = ("PER", "ORG", "LOC", "MISC")
TAGS = (OUTSIDE, *(f"{first}-{kind}" for kind in KINDS for first in "BI"))
COUNT = len(TAGS)
INSIDE = frozenset(tag for tag in range(COUNT) if TAGS[tag][0] == "I")  # never a name's first word
NEVER = -(10**9)
TO = "to="  # features of transitions: to=2 has the weights of the tags that follow tag 2
# An I- tag follows only a tag of the same kind.
FOLLOWS = [
    [before for before in range(COUNT) if TAGS[tag][0] != "I" or TAGS[before][2:] == TAGS[tag][2:]]
    for tag in range(COUNT)
]
LANES = struct.Struct(f"<{COUNT}I")  # a token's scores, each plus MIDDLE
MIDDLE = 2**31
ALL_MIDDLES = sum(MIDDLE << 32 * tag for tag in range(COUNT))
WeightTable = dict[str, tuple[tuple[int, int], ...]]  # feature to (tag, weight in hundredths)


@dataclass(frozen=True, eq=False)
class Weights:
    """
    The weights, ready for adding up.

    sums: feature to its weights for all tags in one number, 32 bits per tag, so that one addition
    adds all. moves: (COUNT, COUNT), rows the tag before; NEVER if not allowed.
    """

    sums: dict[str, int]
    moves: np.ndarray


def describe_runs(
    sentences: Sequence[Sequence[Token]], words: Language, gazetteer: Gazetteer
) -> Iterator[tuple[int, int, list[list[str]]]]:
    """Give each run of words that may be a name: sentence, first token, features of each token."""
    small = frozenset(t.low for s in sentences for t in s if t.text[0].islower())
    sentences = [_without_opening_capital(sentence, words) for sentence in sentences]
    positions = find_run_positions(sentences)
    for number, sentence in enumerate(sentences):
        candidates = find_candidates(sentence)
        marks = mark_places(sentence, candidates, gazetteer)
        index = 0
        while index < len(sentence):
            first = index
            while index < len(sentence) and candidates[index]:
                index += 1
            if index > first:
                tokens = range(first, index)
                yield (
                    number,
                    first,
                    [describe(sentence, i, marks, small, positions, words) for i in tokens],
                )
            index += 1


def _without_opening_capital(sentence: Sequence[Token], words: Language) -> Sequence[Token]:
    """Read «The US» at the start of a sentence as «the US» within."""
    first = sentence[0]
    if not first.is_capital or first.low not in words.starts or first.text[1:].isupper():
        return sentence
    return [first._replace(is_capital=False), *sentence[1:]]


def tag_sentences(
    sentences: Sequence[Sequence[Token]], words: Language, gazetteer: Gazetteer, weights: Weights
) -> list[list[str]]:
    """Give a tag for each token of a body's sentences."""
    tags = [[OUTSIDE] * len(sentence) for sentence in sentences]
    for number, first, features in describe_runs(sentences, words, gazetteer):
        for index, tag in enumerate(_decode(features, weights), first):
            tags[number][index] = TAGS[tag]
    return tags


def pack_weights(table: WeightTable) -> Weights:
    """Prepare a table of weights for adding up."""
    moves = np.full((COUNT, COUNT), NEVER, dtype=np.int64)
    for tag, befores in enumerate(FOLLOWS):
        moves[befores, tag] = 0
    for before in range(COUNT):
        for tag, weight in table.get(f"{TO}{before}", ()):
            moves[before, tag] += weight
    sums = {name: sum(w << 32 * tag for tag, w in weights) for name, weights in table.items()}
    return Weights(sums, moves)


def _decode(run: list[list[str]], weights: Weights) -> list[int]:
    """Find the best tags of a run (Viterbi); of equally good ones, the first."""
    rows = [_score(features, weights) for features in run]
    first = [NEVER if tag in INSIDE else score for tag, score in enumerate(rows[0])]
    if len(rows) == 1:
        return [first.index(max(first))]
    best, back = np.array(first), []
    for scores in rows[1:]:
        totals = best[:, None] + weights.moves
        back.append(totals.argmax(axis=0))
        best = totals.max(axis=0) + scores
    tags = [int(best.argmax())]
    for came in reversed(back):
        tags.append(int(came[tags[-1]]))
    return tags[::-1]


def _score(features: list[str], weights: Weights) -> tuple[int, ...]:
    """Sum the weights of a token's features per tag; each sum is MIDDLE more."""
    total = sum(map(weights.sums.get, features, repeat(0)), ALL_MIDDLES)
    return LANES.unpack(total.to_bytes(LANES.size, "little"))


def find_spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Give the names of a sentence: first token, one past the last, and kind."""
    spans: list[tuple[int, int, str]] = []
    for index, tag in enumerate(tags):
        if tag[0] == "B":
            spans.append((index, index + 1, tag[2:]))
        elif tag[0] == "I":
            start, _, kind = spans.pop()
            spans.append((start, index + 1, kind))
    return spans


@cache
def read_weights() -> Weights:
    """Read the table: a feature, then tag:weight pairs, separated by tabs."""
    weights: WeightTable = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        feature, *pairs = line.split("\t")
        weights[feature] = tuple((int(t), int(w)) for t, w in (p.split(":") for p in pairs))
    return pack_weights(weights)
