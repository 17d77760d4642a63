"""
Find captions that read like prose: people named by their place, a credit at the end, alternative
text that is repeated.
"""

import polars as pl

from include.splitter.line_arrays import Table
from include.splitter.lines.patterns import contains_with
from include.splitter.roles.line_masks import mask_lines

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
MAY_POSE = (  # one is in every POSED
    "left", "right", "center", "centre", "(L", "(l", "(r", "(R", "links", "v. l", "v.l", "vlnr",
    "gauche", "izquierda", "sinistra", "esquerda", "vänster",
)  # fmt: skip
MAY_CREDIT = (  # one is in every CREDITED
    "/", "©", "Photo", "Foto", "Image", "Bild", "Credit", "Crédit", "Picture", "Video", "Grafik",
    "Quelle", "Source", "Courtesy", "AP", "AFP", "EPA", "euters", "REUTERS", "Getty", "dpa", "EFE",
    "Shutterstock", "iStock", "Adobe", "imago", "Alamy",
)  # fmt: skip


def describe_pictures(looked: pl.DataFrame) -> Table:
    """Mark lines that name people by their place, that end in a credit, or that repeat a text."""
    at = looked["chars"].is_between(SHORTEST, LONGEST).arg_true()
    text = looked["text"].gather(at)
    half = (looked["chars"].gather(at).cast(pl.Int64) - 1) // 2
    columns = {
        "posed": contains_with(text.str.head(HEAD), MAY_POSE, POSED),
        "credited": contains_with(text.str.tail(TAIL), MAY_CREDIT, CREDITED),
        "halves": text.str.head(half) == text.str.tail(half),
    }
    return {name: mask_lines(at, column, len(looked)) for name, column in columns.items()}
