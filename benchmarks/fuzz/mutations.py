"""
Damage inputs, deterministically by seed: the text before it is packed, and the bytes of the file.

`make_input` gives one input by format, seed and number, so that a wrong one can be made again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.fuzz.formats import FORMATS, make_text

HOSTILE = (
    "\u202e", "\u2066", "\u200b", "\ufeff", "\0", "\x1b[2J", "\u2028", "\u0085", "\x0b", "\x0c",
    "\ufffd", "\uffff", "\U0010ffff", "\U000e0041", "e\u0301", "a" + "\u0336" * 40, "\u1160",
    "\ud800", "\r", "\r\n\r", "\t", "\xa0", "\u3000", "𝕳", "👩\u200d👩\u200d👧", "ﷺ", "\ufdd0",
)  # fmt: skip
PHRASES = (
    "'); drop table stories;--", "=cmd|' /C calc'!A0", "{{7*7}}", "%s%n%d{0}", "<script>", "]]>",
    "\\x00", "$day", "../../etc/passwd", "nan", "1e999", "-0", "9" * 40, "31/02/2026",
    "By \n\n\n\n", "Leave A Reply", "TT\n20", "Comments are closed.", "00:00\n", "• • • •",
    "—" * 99,
)  # fmt: skip
BIG_CHARS = (300, 300, 3_000, 3_000, 30_000, 300_000)  # of one line, or of empty ones
NESTED = (10, 10, 100, 100, 1_000, 20_000)  # elements, brackets or quotes
MAX_CHARS, MAX_BYTES = 500_000, 2_000_000  # repeats of repeats end here
NESTS = (
    ("<div>", ""), ("<b><i>", ""), ("[", ""), ('{"text":', ""), ("> ", ""), ("<!--", ""),
    ("(", ")"),
    ("- ", ""), ("<table><tr><td>", ""), ("&amp;", ""), ("**", "**"), ("`", ""), ("[a](", ")"),
)  # fmt: skip
DIGITS = re.compile(rb"\d+")
NUMBERS = (b"0", b"-1", b"1", b"99999999999999999999", b"4294967295", b"65536", b"1e9", b"")


@dataclass(frozen=True)
class Input:
    """One mutated file. key: format/seed/number, by which `make_input` makes it again."""

    key: str
    name: str
    raw: bytes


def make_input(kind: str, seed: int, number: int) -> Input:
    """Make one input: its text is damaged, or its bytes, or both; a few are left well-formed."""
    key = f"{kind}/{seed}/{number}"
    dice = Random(key)
    text = make_text(dice)
    where = dice.random()
    if where < 0.5:
        text = harm_text(text, dice)
    raw = FORMATS[kind](text, dice)
    if where > 0.4 and dice.random() > 1 / 12:
        raw = harm_bytes(raw, dice)[:MAX_BYTES]
    return Input(key, f"{kind}-{number:06d}", raw)


def harm_text(text: str, dice: Random) -> str:
    """Damage a text as crawlers, editors and attackers do."""
    for _ in range(dice.randint(1, 4)):
        text = dice.choice(TEXT_HARMS)(text, dice)[:MAX_CHARS]
    return text


def harm_bytes(raw: bytes, dice: Random) -> bytes:
    """Damage bytes without regard to their format."""
    for _ in range(dice.randint(1, 4)):
        raw = dice.choice(BYTE_HARMS)(raw, dice)
    return raw


def _sprinkle(text: str, dice: Random) -> str:
    for _ in range(dice.choice((1, 5, 200))):
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice((*HOSTILE, *PHRASES)) + text[at:]
    return text


def _insert_big(text: str, dice: Random) -> str:
    unit = dice.choice(("word ", "\n", " ", "x", "\u200b", "\n\n\n", "- \n", "1. ", *HOSTILE))
    at = dice.randint(0, len(text))
    return text[:at] + unit * (dice.choice(BIG_CHARS) // len(unit)) + text[at:]


def _nest(text: str, dice: Random) -> str:
    begin, end = dice.choice(NESTS)
    count = dice.choice(NESTED)
    return begin * count + text + end * count


def _shuffle_lines(text: str, dice: Random) -> str:
    rows = text.split("\n")
    dice.shuffle(rows)
    return "\n".join(rows)


def _repeat_lines(text: str, dice: Random) -> str:
    rows = text.split("\n")
    at = dice.randrange(len(rows))
    return "\n".join([*rows[:at], *rows[at : at + 3] * dice.choice((2, 50)), *rows[at:]])


def _join_lines(text: str, dice: Random) -> str:
    return text.replace("\n\n", dice.choice((" ", "\n", "\r", "\u2028", "", "\n \n")))


def _garble(text: str, _: Random) -> str:
    return text.encode("utf-8", "replace").decode("cp1252", "replace")


def _cut_text(text: str, dice: Random) -> str:
    return text[: dice.randint(0, len(text))]


def _flip(raw: bytes, dice: Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(dice.choice((1, 8, max(1, len(raw) // 50))) if raw else 0):
        damaged[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def _cut(raw: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] if dice.random() < 0.7 else raw[at:]


def _drop(raw: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] + raw[at + dice.choice((1, 4, 64, 4096)) :]


def _repeat(raw: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    part = raw[at : at + dice.choice((1, 16, 512, 4096))]
    return raw[:at] + part * dice.choice((2, 9, 40)) + raw[at:]


def _insert_noise(raw: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    noise = dice.choice((dice.randbytes(dice.choice((1, 32, 2048))), bytes(512), b"\xff" * 64))
    return raw[:at] + noise + raw[at:]


def _splice(raw: bytes, dice: Random) -> bytes:
    other = FORMATS[dice.choice([*FORMATS])](make_text(dice), dice)
    at, within = dice.randint(0, len(raw)), dice.randint(0, len(other))
    return dice.choice((raw[:at] + other[within:], raw + other, other[:within] + raw))


def _change_numbers(raw: bytes, dice: Random) -> bytes:
    share = dice.choice((0.05, 0.5))
    return DIGITS.sub(
        lambda match: dice.choice(NUMBERS) if dice.random() < share else match[0], raw, count=200
    )


def _recode(raw: bytes, dice: Random) -> bytes:
    into = dice.choice(("utf-16", "utf-16-be", "utf-32", "cp037", "cp1251", "utf-7", "utf-8"))
    return raw.decode(dice.choice(("utf-8", "latin-1")), "replace").encode(into, "replace")


def _change_line_ends(raw: bytes, dice: Random) -> bytes:
    return raw.replace(b"\r\n", b"\n") if dice.random() < 0.5 else raw.replace(b"\n", b"\r\n")


TEXT_HARMS: tuple[Callable[[str, Random], str], ...] = (
    _sprinkle, _sprinkle, _insert_big, _nest, _shuffle_lines, _repeat_lines, _join_lines, _garble,
    _cut_text,
)  # fmt: skip
BYTE_HARMS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _flip, _cut, _drop, _repeat, _insert_noise, _splice, _change_numbers, _recode,
    _change_line_ends,
)  # fmt: skip
