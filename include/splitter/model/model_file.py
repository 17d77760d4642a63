"""
Read the trained model from `line_classifier.npz`, and the card that describes it.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from include.splitter.line_arrays import Ints
from include.splitter.model.forest import Forest
from include.splitter.model.net import Net, check_net

FILE = Path(__file__).with_name("line_classifier.npz")
CARD = Path(__file__).with_name("line_classifier.json")
FORESTS = ("page", "starts", "story", "plan", "head", "leaks")


@dataclass(frozen=True)
class Model:
    """
    The networks that classify lines, and six forests.

    page: scores whether a page has several stories. starts: scores candidate starts. story: scores
    segments. plan: predicts the story F1 of a plan for a page, in 4096ths. head: scores candidates
    for a story's headline. leaks: scores doubtful lines of body as none. chance: m rows, ascending:
    a lower bound on the score of `story`, and the share of such segments that are one story, in
    1000ths.
    """

    net: Net
    page: Forest
    starts: Forest
    story: Forest
    plan: Forest
    head: Forest
    leaks: Forest
    chance: Ints


@cache
def read_model() -> Model:
    """
    Give this version's model.

    Raises:
        DataFileInvalid: the network's sums would not be exact.
    """
    with np.load(FILE, allow_pickle=False) as held:
        model = unpack_model({name: held[name] for name in held.files})
    check_net(model.net)
    return model


def pack_model(model: Model) -> dict[str, np.ndarray]:
    """Give the model as named arrays, as stored in the file."""
    held: dict[str, np.ndarray] = {"chance": model.chance}
    for part in ("net", *FORESTS):
        values = getattr(model, part)
        held |= {f"{part}.{f.name}": getattr(values, f.name) for f in fields(values)}
    return held


def unpack_model(held: dict[str, np.ndarray]) -> Model:
    """Build the model from its named arrays."""
    forests = {part: Forest(**_part(held, part)) for part in FORESTS}
    return Model(net=Net(**_part(held, "net")), chance=held["chance"], **forests)


def _part(held: dict[str, np.ndarray], part: str) -> dict[str, Any]:
    return {
        name.split(".")[1]: array for name, array in held.items() if name.startswith(f"{part}.")
    }


@cache
def read_card() -> dict[str, Any]:
    """Give the card: features in order, data fingerprint, settings, cross-validated figures."""
    card: dict[str, Any] = json.loads(CARD.read_text(encoding="utf-8"))
    return card
