"""
Evidence for Unicode encodings: byte-order marks, positions of NULs, the share of valid UTF-8.
"""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import category

# UTF-32 first: its little-endian mark starts with the one of UTF-16.
BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SURROGATES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # encoded like UTF-8, as in CESU-8

MIN_NULS = 0.003  # share of bytes: Chinese UTF-16 has 0.009 with a line end every 56 characters
MANY_NULS = 0.25  # in UTF-16, plain ASCII has 0.5 and Russian 0.07
ONE_SIDED = 0.97  # share of the NULs at even, or at odd, positions
ODD_BYTES = 0.10  # share of non-text bytes in a page that is not just ASCII with NULs
NO_TEXT_BYTES = bytes({*range(9), *range(14, 32), *range(127, 256)})
MIN_NULS_UTF32 = 0.25
PROBE_BYTES = 16384
MAX_ODD = 0.03  # controls, unassigned, private use; random 16-bit numbers have 0.2
FEW_ODD = 2  # characters, allowed in a very short page
MIN_LETTERS = 0.4  # prose has 0.8

FEW_BAD = 8  # bytes: one cut character and two broken ones
BAD_SHARE = 0.02
BAD_OF_HIGH = 0.6  # of the bytes above 0x7f; with more, valid UTF-8 sequences are chance
EVIDENCE_PER_RUN = 2  # valid continuation bytes per run of bad bytes


def find_bom(raw: bytes) -> tuple[str | None, int]:
    """Return the codec and length (bytes) of a byte-order mark; (None, 0) if there is none."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return encoding, len(mark)
    return None, 0


def find_unmarked_wide_utf(raw: bytes) -> str | None:
    """Detect UTF-16 or UTF-32 without a mark by the positions of NULs; None if inconclusive."""
    size = len(raw)
    nuls = raw.count(0)
    if nuls < size * MIN_NULS or nuls == 0 or size < 4:
        return None
    if nuls >= size * MIN_NULS_UTF32:
        for encoding in ("utf-32-le", "utf-32-be"):
            if size % 4 == 0 and _decodes(raw, encoding) and reads_as_text(raw, encoding):
                return encoding
    return _find_unmarked_utf16(raw, nuls)


def _find_unmarked_utf16(raw: bytes, nuls: int) -> str | None:
    if nuls < len(raw) * MANY_NULS:
        rest = raw.replace(b"\0", b"")
        probe = rest[:PROBE_BYTES]
        odd = len(probe) - len(probe.translate(None, NO_TEXT_BYTES))
        if odd < len(probe) * ODD_BYTES or _is_utf8_beyond_ascii(rest):
            return None
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        one_side = raw[first::2].count(0)
        if one_side >= nuls * ONE_SIDED and reads_as_text(raw, encoding):
            return encoding
    return None


def has_utf8_evidence(raw: bytes) -> bool:
    """
    Tell whether bytes are UTF-8 with a few bad bytes, not a legacy encoding valid by chance.

    Surrogates encoded like UTF-8 count as evidence: no legacy page has them.
    """
    good = SURROGATES.sub(b"", raw)
    surrogates = (len(raw) - len(good)) // 3
    valid = good.decode("utf-8", "ignore")
    valid_bytes = len(valid.encode())
    bad = len(good) - valid_bytes
    high_bytes = len(good) - len(good.translate(None, bytes(range(0x80, 0x100))))
    if bad > high_bytes * BAD_OF_HIGH or not is_nearly_utf8(raw):
        return False
    runs = len(re.findall("\ufffd+", good.decode("utf-8", "replace")))
    evidence = valid_bytes - len(valid) + 2 * surrogates
    return evidence >= EVIDENCE_PER_RUN * runs


def is_nearly_utf8(raw: bytes) -> bool:
    """Tell whether the bytes are UTF-8 except for a few."""
    good = SURROGATES.sub(b"", raw)
    bad = len(good) - len(good.decode("utf-8", "ignore").encode())
    if bad <= len(raw) * BAD_SHARE:
        return True
    return bad <= FEW_BAD and len(good) > 8 * bad


def reads_as_text(raw: bytes, encoding: str, is_marked: bool = False) -> bool:
    """
    Tell text from arrays of 16- or 32-bit numbers, whose NULs are placed as regularly.

    Args:
        is_marked: it has a byte-order mark, so digits alone are enough.
    """
    probe = raw[:PROBE_BYTES].decode(encoding, "replace")
    kinds = Counter(category(char)[0] for char in probe if char not in "\t\n\r\f\v")
    read = max(sum(kinds.values()), 1)
    if is_marked:
        return kinds["C"] <= max(read * MAX_ODD, FEW_ODD)
    return kinds["C"] <= read * MAX_ODD and kinds["L"] + kinds["M"] >= read * MIN_LETTERS


def is_utf8(raw: bytes) -> bool:
    """Tell whether every byte is valid UTF-8."""
    return _decodes(raw, "utf-8")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8_beyond_ascii(raw: bytes) -> bool:
    return not raw.isascii() and is_utf8(raw)
