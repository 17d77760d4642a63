"""
Identify the language of many texts at once.

Source: py3langid, a naive Bayes classifier over byte n-grams, and its model. Its own loop takes
0.2 ms per story; here all texts step through its automaton together. Tests hold the answers equal
to py3langid's for the same characters.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.splitter.lines.patterns import count_matches

HEAD_CHARS = 100  # of a body are tried first; they settle 92 of 100 bodies of dev
MORE_CHARS = 400  # are tried if the first do not settle it; the whole body is no better (dev)
CLEAR = 20.0  # log-likelihood ahead of the second best; at 12 three of 2,107 stories changed
MIN_CHARS = 20
UNKNOWN = "und"
# py3langid labels 40 of dev2's 83 Croatian stories as Bosnian, which shares most of its words.
BOSNIAN, CROATIAN = "bs", "hr"
OF_CROATIAN = (
    r"(?i)\b(?:što|tko|nitko|tjed\w+|tisuć\w*|glazb\w*|sustav\w*|siječ\w+|veljač\w*|ožuj\w+|travnj\w+"
    r"|svib\w+|lipnj\w*|srpnj\w*|kolovoz\w*|rujn\w+|listopad\w*|studen\w+|prosin\w+|opć\w+|također"
    r"|priopć\w*|nogomet\w*|vlak\w*|zrakoplov\w*|povijest\w*|sveučiliš\w*|tvrtk\w*|računal\w*"
    r"|inačic\w*|glede|unatoč|djelatnik\w*|milijun\w*|uvjet\w*|tvornic\w*|europ\w*|ravnatelj\w*)\b"
)
OF_BOSNIAN = (
    r"(?i)\b(?:šta|neko|niko|sedmic\w*|hiljad\w*|muzik\w*|januar\w*|februar\w*|marta|aprila?|maja|juna|jula"
    r"|avgust\w*|septemb\w*|oktob\w*|novemb\w*|decemb\w*|opšt\w+|saopć\w*|saopšt\w*|fudbal\w*|voz|avion\w*"
    r"|histori\w*|istorij\w*|univerzitet\w*|računar\w*|takođe|evrop\w*|uslov\w*|fabrik\w*|milion\w*)\b"
)
TEXTS_AT_ONCE = 2048  # about 10 MB of states

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Model:
    """
    The automaton and the scores.

    move: next state, by row and byte. row: each state's row. gram: each state's n-gram, -1 for
    none. score: n-grams × classes. prior: classes. alias: pairs of classes of one language.
    """

    move: NDArray[np.uint32]
    row: NDArray[np.uint32]
    gram: NDArray[np.int32]
    score: NDArray[np.float32]
    prior: NDArray[np.float32]
    classes: list[str]
    alias: list[tuple[int, int]]


def name_languages(texts: pl.Series) -> list[str]:
    """Identify each text's language (ISO 639-1) from its beginning; und if it is too short."""
    heads = texts.str.head(MORE_CHARS)
    long_enough = (heads.str.len_chars() >= MIN_CHARS).arg_true()
    names = [UNKNOWN] * len(texts)
    for begin in range(0, len(long_enough), TEXTS_AT_ONCE):
        some = long_enough.slice(begin, TEXTS_AT_ONCE)
        for number, name in zip(some, _name(heads.gather(some).to_list()), strict=True):
            names[number] = name
    return _name_croatian(texts, names)


def _name_croatian(texts: pl.Series, names: list[str]) -> list[str]:
    """Rename Bosnian to Croatian, except for texts with more words that only Bosnian has."""
    at = [n for n, name in enumerate(names) if name == BOSNIAN]
    few = texts.gather(at)
    croatian, bosnian = (
        count_matches(few, words).cast(pl.Int64) for words in (OF_CROATIAN, OF_BOSNIAN)
    )
    lead = croatian - bosnian
    for number, ahead in zip(at, lead, strict=True):
        names[number] = BOSNIAN if ahead < 0 else CROATIAN
    return names


def _name(texts: list[str]) -> list[str]:
    """Identify languages from a short head, or from a longer one where that is unclear."""
    best, lead = _classify([text[:HEAD_CHARS] for text in texts])
    open_ = [n for n, text in enumerate(texts) if lead[n] < CLEAR and len(text) > HEAD_CHARS]
    if open_:
        best[open_] = _classify([texts[n][:MORE_CHARS] for n in open_])[0]
    classes = _model().classes
    return [classes[number] for number in best]


def _classify(texts: list[str]) -> tuple[Ints, NDArray[np.float32]]:
    """Give each text's best class, and by how much it leads (log-likelihood)."""
    model = _model()
    text, gram, times = _count_grams([_encode(text) for text in texts], model)
    weight = np.log1p(times.astype(np.float32))
    bounds = np.searchsorted(text, np.arange(len(texts) + 1))
    scores = np.zeros((len(texts), len(model.classes)), dtype=np.float32)
    for n, (begin, end) in enumerate(pairwise(bounds)):
        if begin < end:
            scores[n] = weight[begin:end] @ model.score[gram[begin:end]] + model.prior
    for first, second in model.alias:
        scores[:, first] = np.maximum(scores[:, first], scores[:, second])
        scores[:, second] = np.finfo(np.float32).min
    two = np.partition(scores, -2, axis=1)[:, -2:]
    return scores.argmax(axis=1), two[:, 1] - two[:, 0]


def _encode(text: str) -> bytes:
    """Encode a text as the model expects: NFC, all-capitals text in lower case."""
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode()


def _count_grams(texts: list[bytes], model: _Model) -> tuple[Ints, Ints, Ints]:
    """Count n-grams: (text, n-gram, count), ordered by text and n-gram."""
    length = np.array([len(text) for text in texts])
    order = np.argsort(-length, kind="stable")  # finished texts come last
    width = int(length.max())
    padded = b"".join(texts[n].ljust(width, b"\0") for n in order)
    letters = np.ascontiguousarray(np.frombuffer(padded, np.uint8).reshape(-1, width).T)
    going = np.searchsorted(-length[order], -np.arange(width))
    states = np.zeros(letters.shape, dtype=np.uint32)
    state = np.zeros(len(texts), dtype=np.uint32)
    for step, count in enumerate(going):
        state = model.move[(model.row[state[:count]] << 8) + letters[step, :count]]
        states[step, :count] = state
    grams = model.gram[states]
    steps, columns = np.nonzero(grams >= 0)
    occurrences = order[columns] * len(model.score) + grams[steps, columns]
    pairs, times = np.unique(occurrences, return_counts=True)
    return pairs // len(model.score), pairs % len(model.score), times


@cache
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE)
    classes = list(identifier.nb_classes)
    return _Model(
        np.asarray(identifier.tk_nextmove, dtype=np.uint32),
        np.asarray(identifier.tk_row, dtype=np.uint32),
        np.asarray(identifier.tk_output, dtype=np.int32),
        identifier.nb_ptc.astype(np.float32),
        identifier.nb_pc,
        classes,
        [(classes.index(name), n) for n, name in enumerate(classes) if classes.index(name) != n],
    )
