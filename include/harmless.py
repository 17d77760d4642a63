"""Make a text safe to print: nothing in it may speak to the terminal."""

JOINERS = "\u200c\u200d"  # shape letters (Persian, Hindi, emoji), and move nothing
REPLACED = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str) -> str:
    """Replace what would move the cursor, colour the screen or turn the line about; keep length."""
    return "".join(_harmless(letter) for letter in text)


def _harmless(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    return " " if letter.isspace() else REPLACED
