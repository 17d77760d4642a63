"""
Find lines that read like prose but speak of a picture: captions with people named by their place,
credits at the end, alternative text said twice.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, Table

SHORTEST, LONGEST = 24, 600  # characters; of dev2's captions 1 in 300 is longer
TAIL, HEAD = 120, 400  # characters searched at a line's end, and at its beginning
POSED = (  # on dev2 43 captions, 20 other lines
    r"\bfrom left\b|\([lL](?:eft)?(?:[- ]to[- ]|-)[rR](?:ight)?\)|, (?:left|right|cent(?:er|re)),"
    r"|\b(?:second|third|far|top|bottom|at|back|front) (?:left|right)\b"
    r"|\((?:[lL]|[rR]|left|right|links|rechts|li\.|re\.)\)|\b[vV]on links\b|\bv\.\s?l\.|\bvlnr\b"
    r"|\bde (?:gauche|izquierda)\b|\bda (?:sinistra|esquerda)\b|\bvänster\b"
)
CREDITED = (  # on dev2, of lines from 60 characters, 261 captions, 104 other lines
    r"(?:\([^()]{2,50}/[^()]{2,50}\)|©[^.!?]{2,60}"
    r"|(?:Photo|Foto|Image|Bild|Credit|Crédit|Picture|Video|Grafik|Quelle|Source|Courtesy)"
    r"\p{L}{0,4}\s?(?:by|:|/|\||courtesy|of|von)[^.!?]{2,60}"
    r"|(?:AP|AFP|EPA|Reuters|REUTERS|Getty|dpa|EFE|Shutterstock|iStock|Adobe ?Stock|imago|Alamy)"
    r"\b[^.!?]{0,40})\)?\.?\s*$"
)


MAY_POSE = (  # one is in every POSED; searching for these first takes a tenth of the time
    "left", "right", "center", "centre", "(L", "(l", "(r", "(R", "links", "v. l", "v.l", "vlnr",
    "gauche", "izquierda", "sinistra", "esquerda", "vänster",
)  # fmt: skip
MAY_CREDIT = (  # one is in every CREDITED
    "/", "©", "Photo", "Foto", "Image", "Bild", "Credit", "Crédit", "Picture", "Video", "Grafik",
    "Quelle", "Source", "Courtesy", "AP", "AFP", "EPA", "euters", "REUTERS", "Getty", "dpa", "EFE",
    "Shutterstock", "iStock", "Adobe", "imago", "Alamy",
)  # fmt: skip


def describe_pictures(looked: pl.DataFrame) -> Table:
    """Tell which lines name people by their place, end in a credit, or say the same twice."""
    chars = looked["chars"].to_numpy()
    at = np.flatnonzero((chars >= SHORTEST) & (chars <= LONGEST))
    text, size = looked["text"].gather(at), pl.Series(chars[at].astype(np.int64))
    half = (size - 1) // 2
    table: Table = {
        "posed": _find(text.str.head(HEAD), MAY_POSE, POSED),
        "credited": _find(text.str.tail(TAIL), MAY_CREDIT, CREDITED),
        "halves": (text.str.head(half) == text.str.tail(half)).to_numpy(),
    }
    return {name: _spread(values, at, len(looked)) for name, values in table.items()}


def _find(text: pl.Series, literals: tuple[str, ...], pattern: str) -> Bools:
    """Tell which texts match a pattern that only texts with one of the literals can match."""
    found = np.zeros(len(text), dtype=bool)
    may = np.flatnonzero(text.str.contains_any(list(literals)))
    found[may] = text.gather(may).str.contains(pattern).to_numpy()
    return found


def _spread(values: Bools, at: Ints, count: int) -> Bools:
    whole = np.zeros(count, dtype=bool)
    whole[at] = values
    return whole
