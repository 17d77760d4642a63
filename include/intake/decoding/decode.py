"""
Decode a page's bytes, or return the reason why they are not text. Pure: depends on nothing else.

In this order: binary signatures, byte-order marks, UTF-16 and UTF-32 by their NULs, strict UTF-8,
UTF-8 with a few bad bytes, a legacy encoding by evidence. The result is then checked for being text
at all. Nothing is repaired: each unreadable byte sequence becomes U+FFFD.

For every accepted page `raw.decode(encoding, "replace").replace("\\0", "\\ufffd") == text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from include.intake.decoding.flags import find_oddities
from include.intake.decoding.signatures import find_format
from include.intake.decoding.single_byte import choose_encoding
from include.intake.decoding.unicode import (
    find_bom,
    find_unmarked_wide_utf,
    has_utf8_evidence,
    is_nearly_utf8,
    is_utf8,
    reads_as_text,
)
from include.model import BLANKS

REPLACEMENT = "\ufffd"
# Bytes that are rare in text; tab, line ends, VT and FF are white space, ESC is a control.
CONTROL_BYTES = bytes({*range(9), *range(14, 32), 127})
# A page with terminal colours (case 40) has 0.5 %; random bytes have 10 %. Valid UTF-8 may have
# more, since its validity is itself evidence of text.
MAX_CONTROLS, MAX_CONTROLS_UTF8 = 0.03, 0.10
# Share of U+FFFD from decoding a page that looks like Unicode; random bytes have 0.1.
MAX_LOST, MIN_LOST = 0.05, 8
UTF8 = ("utf-8", "utf-8-sig")
CUT_END = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
WIDE = ("utf-16", "utf-32")
ISO_2022_JP = re.compile(rb"\x1b\$[@B][\x21-\x7e\n]+\x1b\([BJ]")  # seven-bit Japanese, as in mail

# Further characters that are invisible, beyond `model.BLANKS`: fillers, marks without a letter.
FILLERS = (
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0"
    r"\ufff9-\ufffb\U000e0000-\U000e0fff"
)
INK = re.compile(f"[^{BLANKS[1:-1]}{FILLERS}]")


@dataclass(frozen=True)
class Decoded:
    """
    A page's text, or the reason why there is none.

    text: without a leading byte-order mark, never with a NUL or a surrogate; None when rejected.
    encoding: the Python codec that reads the bytes; None when rejected.
    replaced_chars: bytes or NULs that became U+FFFD (characters of the text).
    reason: None when accepted; the codes of docs/intake.md.
    """

    text: str | None
    encoding: str | None
    replaced_chars: int
    flags: tuple[str, ...]
    reason: str | None


def decode_text(raw: bytes, declared: str | None = None) -> Decoded:
    """
    Decode any text, markup too, in time linear in it. Raises nothing.

    Args:
        declared: the codec that the source declares; it is used if the bytes are not UTF-8 and it
            decodes all of them.
    """
    binary_format = find_format(raw)
    if binary_format:
        return _reject(f"binary:{binary_format}")
    if len(raw) == find_bom(raw)[1]:
        return _reject("empty")
    encoding, is_guess = find_encoding(raw, declared)
    controls = _count_controls(raw, encoding)
    if encoding is None or controls > len(raw) * _max_control_share(encoding):
        return _reject("binary" if controls > len(raw) * MAX_CONTROLS else "undecodable")
    text, lost = _read(raw, encoding)
    reason = _find_reason(text, lost)
    if reason:
        return _reject(reason)
    flags = ["guessed_encoding"] if is_guess else []
    flags += _flag_losses(text, lost, is_cut=encoding in UTF8 and bool(CUT_END.search(raw[-3:])))
    nuls = text.count("\0")
    text = text.replace("\0", REPLACEMENT) if nuls else text
    has_controls = controls > nuls or encoding.startswith(WIDE)
    flags += find_oddities(text, has_controls)
    return Decoded(text, encoding, lost + nuls, tuple(flags), None)


def find_encoding(raw: bytes, declared: str | None = None) -> tuple[str | None, bool]:
    """Return the codec that decodes the bytes, None if none does, and whether it is a guess."""
    marked = find_bom(raw)[0]
    if marked and marked.startswith(WIDE) and not reads_as_text(raw, marked, is_marked=True):
        return None, False
    encoding = marked or find_unmarked_wide_utf(raw)
    if encoding:
        return encoding, False
    if raw.isascii():
        return ("iso2022-jp", True) if ISO_2022_JP.search(raw) else ("utf-8", False)
    if is_utf8(raw) or has_utf8_evidence(raw):
        return "utf-8", False
    if declared and _reads_all(raw, declared):
        return declared, False
    guess = choose_encoding(raw)
    if guess:
        return guess, True
    return ("utf-8", False) if is_nearly_utf8(raw) else (None, False)


def _read(raw: bytes, encoding: str) -> tuple[str, int]:
    """Return the text, and how many of its U+FFFD come from undecodable bytes."""
    try:
        return raw.decode(encoding), 0
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        # do not count U+FFFD that the source itself contains
        return text, text.count(REPLACEMENT) - raw.decode(encoding, "ignore").count(REPLACEMENT)


def _find_reason(text: str, lost: int) -> str | None:
    if lost > max(len(text) * MAX_LOST, MIN_LOST):
        return "undecodable"
    if text.count("\0") > len(text) * MAX_CONTROLS_UTF8:
        return "binary"
    if not INK.search(text):
        return "whitespace_only"
    return None


def _reads_all(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return not encoding.startswith(WIDE)


def _flag_losses(text: str, lost: int, is_cut: bool) -> list[str]:
    flags = ["replaced_chars"] if lost else []
    if lost and is_cut:
        flags.append("cut_end")
    if text.count(REPLACEMENT) > lost:
        flags.append("already_replaced")
    if "\0" in text:
        flags.append("nul_chars")
    return flags


def _count_controls(raw: bytes, encoding: str | None) -> int:
    """Count control bytes; 0 in UTF-16 and UTF-32, where any byte can be part of a letter."""
    if encoding and encoding.startswith(WIDE):
        return 0
    return len(raw) - len(raw.translate(None, CONTROL_BYTES))


def _max_control_share(encoding: str) -> float:
    return MAX_CONTROLS_UTF8 if encoding in (*UTF8, "iso2022-jp") else MAX_CONTROLS


def _reject(reason: str) -> Decoded:
    return Decoded(None, None, 0, (), reason)
