"""Make a text safe to print: nothing in it may speak to the terminal."""

REPLACED = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str) -> str:
    """Replace what would move the cursor, colour the screen or turn the line about; keep length."""
    return "".join(c if c.isprintable() else " " if c.isspace() else REPLACED for c in text)
