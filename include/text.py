"""Make a text safe to print: nothing in it may speak to the terminal."""

JOINERS = "\u200c\u200d"  # shape letters (Persian, Hindi, emoji), and move nothing
REPLACED = "\N{REPLACEMENT CHARACTER}"
VOWELS = "aeiou"


def sanitize(text: str) -> str:
    """Replace what would move the cursor, colour the screen or turn the line about; keep length."""
    return "".join(_sanitize_char(letter) for letter in text)


def _sanitize_char(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    return " " if letter.isspace() else REPLACED


def shorten(text: str, chars: int) -> str:
    """Give the text with its middle left out, so that it has at most this many characters."""
    if len(text) <= chars:
        return text
    end = (chars - 1) // 2
    return f"{text[: chars - 1 - end]}…{text[len(text) - end :]}"


def pluralize(number: int, noun: str) -> str:
    """Give `1 story`, `1,200 stories`: the number and its noun, which is told in the singular."""
    return f"{number:,} {noun if number == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}s"
