"""
Flag the oddities of a decoded text. They are reported, never a reason to reject or repair it.
"""

from __future__ import annotations

import re

# What cp1252 and cp1251 make of a UTF-8 continuation byte (0x80 to 0xbf); a byte they do not define
# appears as a C1 control or as U+FFFD.
TAIL_1252 = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", "replace"))
TAIL_1251 = re.escape(bytes(range(0x80, 0xC0)).decode("cp1251", "replace"))
TAIL = f"[{TAIL_1252}\x80-\x9f]"
# Quotes, dashes and emoji are certain; a single "Ã©" or "Ñ€" could be intended.
MOJIBAKE_SURE = re.compile(f"â€{TAIL}|â[\x80-\x9f]{{2}}|ðŸ{TAIL}{{2}}|ï»¿|Ã¢â‚¬")
MOJIBAKE_WEAK = (
    ("Ã", re.compile(f"Ã{TAIL}")),
    ("Â", re.compile(f"Â{TAIL}")),
    ("Ð", re.compile(f"(?:[ÐÑ]{TAIL}){{3}}")),
    ("Р", re.compile(f"(?:[РС][{TAIL_1251}]){{3}}")),
)
WEAK_HITS = 2

CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # U+0085 is a line end
HIGH_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")  # UTF-8, searched by its rare first byte
LEFT_OVER = re.compile(
    r"</?(?:p|br|b|i|a|em|strong|div|span)\b[^<>]{0,300}>|&(?:amp|nbsp|quot|lt|gt|#x?[0-9a-fA-F]{1,6});"
)


def find_oddities(text: str, may_have_controls: bool) -> list[str]:
    """
    Return the flags of a text, in the order of docs/intake.md.

    Args:
        may_have_controls: false if its bytes held no C0 controls other than white space and NUL.
    """
    flags: list[str] = []
    ascii_only = text.isascii()
    high = b"" if ascii_only else text.encode("utf-8", "surrogatepass")
    if (may_have_controls and CONTROLS.search(text)) or HIGH_CONTROLS.search(high):
        flags.append("control_chars")
    if "\ufeff" in text:
        flags.append("inner_bom")
    if not ascii_only and is_mojibake(text):
        flags.append("mojibake")
    if ("<" in text or "&" in text) and LEFT_OVER.search(text):
        flags.append("left_over_markup")
    return flags


def is_mojibake(text: str) -> bool:
    """Tell whether the text is UTF-8 that was once decoded as cp1252 or cp1251."""
    if ("â" in text or "ð" in text or "ï»¿" in text or "Ã¢" in text) and MOJIBAKE_SURE.search(text):
        return True
    return any(
        letter in text and _has_hits(pattern, text, 1 if letter in "ÐР" else WEAK_HITS)
        for letter, pattern in MOJIBAKE_WEAK
    )


def _has_hits(pattern: re.Pattern[str], text: str, hits: int) -> bool:
    matches = pattern.finditer(text)
    return all(next(matches, None) is not None for _ in range(hits))
