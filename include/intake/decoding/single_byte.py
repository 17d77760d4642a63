"""
Choose a legacy encoding by the likelihood of the decoded text.

Every candidate decodes a sample; the result is scored by the log-likelihood (nats) of its
characters in a language that used that encoding. If even the best is unlikely, none is chosen.

docs/intake.md has the comparison with charset-normalizer, which is why it is not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import log

from include.intake.decoding.alphabets import (
    ALPHABETS,
    COMMON_SIGNS,
    DOUBTS,
    GUESTS,
    LATIN_END,
    LONE_WORDS,
    RARE_SIGNS,
)
from include.intake.decoding.east_asian import ASCII_COST, ASIAN, score_asian

SAMPLE_BYTES = 4096  # 80 characters suffice for the common encodings (docs/intake.md)
HIGH = re.compile(rb"[\x80-\xff]")
ASCII_LETTERS = re.compile(rb"[A-Za-z]")
ASCII_WORDS = re.compile(rb"(?<![a-z\x80-\xff])[a-z]+(?![a-z\x80-\xff])")
# No supported encoding uses bytes below '0' as a trail byte, so it is safe to cut there.
CUT = re.compile(rb"[\x00-\x2f]")
CONTEXT_BYTES = 48  # sampled before and after a high byte, for the words around it

# French is mostly letters, English mostly signs (quotes, dashes): each language is tried both ways.
SIGNS_SHARES, RARE_SHARE = (0.13, 0.85), 0.01
WORD_HIT = 1.5  # nats for a common word of the language
MAX_HITS = 12  # so that a long page's words do not outweigh its letters
SURPRISE = log(1e-5)  # a character foreign to the language
FOREIGN_LETTER = -1.5  # an ASCII letter near Cyrillic, Greek, Thai, … (nats)
IMPOSSIBLE = log(1e-7)  # U+FFFD, C1 controls
MAX_SURPRISES = 0.15  # of the sample's characters beyond ASCII
# Mean log-likelihood (nats) of a byte above 0x7f. 923 of 928 correct decodings of at least 20
# characters are above it, and none of 600 random pages of at least 128 bytes.
MIN_MEAN = -6.5
SLACK = 2.0  # nats; so that a single pound sign in an English page is accepted

# Penalties (nats) for neighbours that do not belong in one word, chosen by the encodings that they
# separate: koi8-r and cp1251 (capitals inside words), Thai and GB, "£23" and "Ł23".
CASE_TURNS, CASE_HOLDS, SCRIPT_TURNS, MARK_STRAYS, ODD_RUN = -4.0, -0.2, -5.0, -5.0, -6.0


@dataclass(frozen=True)
class Reading:
    """
    A sample decoded with one encoding, scored for one language.

    likelihood: of its characters, ignoring their neighbours (nats). surprises: share of the
    non-ASCII characters foreign to the language. hits: the part due to common words (nats).
    """

    encoding: str
    likelihood: float
    surprises: float
    hits: float = 0.0


def choose_encoding(raw: bytes) -> str | None:
    """
    Return the legacy encoding of some bytes; None if no candidate is likely.

    Args:
        raw: bytes that are not UTF-8, with at least one above 0x7f.
    """
    sample = take_sample(raw)
    readings = [found for found in _read_sample(sample) if found.surprises <= MAX_SURPRISES]
    readings.sort(key=lambda reading: -reading.likelihood)
    best, chosen = float("-inf"), None
    for reading in readings:
        if reading.likelihood <= best:
            break  # neighbours only lower a score: no later candidate can win
        likelihood = reading.likelihood
        if reading.encoding not in ASIAN:
            likelihood += _score_neighbours(sample.decode(reading.encoding, "replace"))
        if likelihood > best:
            best, chosen = likelihood, reading
    if chosen is None or best - chosen.hits < _floor_of(sample):
        return None
    return chosen.encoding


def _floor_of(sample: bytes) -> float:
    """Return the log-likelihood below which the best candidate counts as garbage (nats)."""
    high = len(HIGH.findall(sample))
    bare = HIGH.sub(b" ", sample).decode("ascii")
    return (len(sample) - high) * ASCII_COST + _score_neighbours(bare) + high * MIN_MEAN - SLACK


def take_sample(raw: bytes) -> bytes:
    """Return the bytes above 0x7f with the words around them, up to about `SAMPLE_BYTES`."""
    parts: list[bytes] = []
    size, at = 0, 0
    while size < SAMPLE_BYTES:
        high = HIGH.search(raw, at)
        if high is None:
            break
        start = max(at, high.start() - CONTEXT_BYTES)
        cut = CUT.search(raw, start, high.start())
        start = cut.start() if cut else start
        cut = CUT.search(raw, high.end() + CONTEXT_BYTES)
        at = cut.start() if cut else len(raw)
        parts.append(raw[start : min(at, start + SAMPLE_BYTES)])
        size += len(parts[-1])
    return b"\n".join(parts)


def _read_sample(sample: bytes) -> Iterator[Reading]:
    """Score every encoding and language, the commonest first."""
    high = Counter(byte for byte in sample if byte > 0x7F)
    total = sum(high.values())
    ascii_cost = (len(sample) - total) * ASCII_COST
    foreign_cost = len(ASCII_LETTERS.findall(sample)) * FOREIGN_LETTER
    words = Counter(ASCII_WORDS.findall(sample.lower()))
    for alphabet in ALPHABETS:
        hits = WORD_HIT * min(
            sum(words[word.encode()] for word in alphabet.words.split()), MAX_HITS
        )
        fixed = ascii_cost + hits + (0.0 if alphabet.is_latin else foreign_cost)
        for encoding, share in product(alphabet.encodings, SIGNS_SHARES):
            costs = _byte_costs(encoding, alphabet.letters, share)
            likelihood = fixed + sum(costs[byte] * times for byte, times in high.items())
            odd = sum(times for byte, times in high.items() if costs[byte] <= SURPRISE)
            yield Reading(encoding, likelihood - DOUBTS.get(encoding, 0.0), odd / total, hits)
    for encoding in ASIAN:
        likelihood, surprises = score_asian(sample.decode(encoding, "replace"), encoding)
        yield Reading(encoding, likelihood - DOUBTS.get(encoding, 0.0), surprises)


@lru_cache(maxsize=1024)
def _byte_costs(encoding: str, letters: str, signs_share: float) -> dict[int, float]:
    """Return the log-likelihood (nats) of each byte above 0x7f in an encoding and language."""
    costs: dict[str, float] = {}
    shares = (1 - signs_share - RARE_SHARE, signs_share, RARE_SHARE)
    rare = RARE_SIGNS + (GUESTS if letters[0] < LATIN_END else "")
    for chars, share in zip((letters, COMMON_SIGNS, rare), shares, strict=True):
        weights = [1 / (rank + 2) for rank in range(len(chars))]
        for char, weight in zip(chars, weights, strict=True):
            costs.setdefault(char, log(share * weight / sum(weights)))
    read = {byte: bytes([byte]).decode(encoding, "replace") for byte in range(0x80, 0x100)}
    return {byte: _cost_of(char, costs) for byte, char in read.items()}


def _cost_of(char: str, costs: dict[str, float]) -> float:
    if char == "\ufffd" or "\x80" <= char <= "\x9f":
        return IMPOSSIBLE
    return costs.get(char, costs.get(char.lower(), SURPRISE))


class _Kinds(dict[int, str]):
    """Maps a code point to its kind, one letter: script and case, mark, digit, sign, blank."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _name_kind(chr(code))
        return kind


# The last character of each script and the kind of its lower-case letters; upper case likewise.
SCRIPTS = (("\u007f", "l"), (LATIN_END, "e"), ("\u03ff", "g"), ("\u052f", "c"), ("\u05ff", "h"),
           ("\u06ff", "a"), ("\u0eff", "t"))  # fmt: skip
THAI_MARKS = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a"
                       "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e")  # fmt: skip


def _name_kind(char: str) -> str:
    if char in THAI_MARKS:
        return "m"
    if char.isdecimal():
        return "d"
    if not char.isalpha() or char in "ªº":
        return "s" if char in RARE_SIGNS or "\u2500" <= char <= "\u25ff" else " "
    kind = next((kind for last, kind in SCRIPTS if char <= last), "x")
    if char in LONE_WORDS:
        kind = "l"
    return kind.upper() if char.isupper() else kind


KINDS = _Kinds()
# Patterns not found in words: a rare sign between letters, an accented letter next to a digit, a
# lone accented letter (a misread bullet or currency sign).
ODD_RUNS = re.compile(
    r"(?<=[lLeEcCgGhat])s(?=[lLeEcCgGhat])|[eE](?=d)|(?<=d)[eE]|(?<![^ ])[eE](?![^ ])"
)


def _score_neighbours(text: str) -> float:
    """Return the penalty for a text's unlikely pairs of neighbours (nats, at most 0)."""
    kinds = text.translate(KINDS)
    pairs = Counter(pairwise(kinds))
    return len(ODD_RUNS.findall(kinds)) * ODD_RUN + sum(
        times * _cost_of_pair(left, right) for (left, right), times in pairs.items()
    )


def _cost_of_pair(left: str, right: str) -> float:
    if right == "m":
        return 0.0 if left in "tm" else MARK_STRAYS
    if " " in (left, right) or {left, right} & set("sdm"):
        return 0.0
    if left.lower().replace("e", "l") != right.lower().replace("e", "l"):
        return SCRIPT_TURNS
    if right.isupper():
        return CASE_HOLDS if left.isupper() else CASE_TURNS
    return 0.0
