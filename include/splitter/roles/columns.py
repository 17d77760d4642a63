"""
Find the headings of a column's items: obituaries, and briefs below a line such as «In brief».

A heading whose words recur below it is as often a sub-heading (docs/splitting.md), so more is
asked: a death is told, or a label opens the column; and that at least two headings are like that.
"""

import re

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, after, last_where

HEAD_CHARS = 80
OPENING_CHARS = 300
FEWEST = 2  # such headings make a column of a page
STEM = 4  # letters in which a heading's word and its text's must agree: «returned», «return»
DIED = (
    r"(?i)\b(?:died|passed away|passed on|verstarb|verstorben|gestorben|starb|décédée?"
    r"|mort[aeo]?|murió|falleci[óo]\w*|deceduto|deceduta|mancat[oa]|morreu|faleceu|overleden|overleed"
    r"|умер(?:ла)?|скончал\w+|помер(?:ла)?|zmarła?|zemřela?|avled|døde|dog|kuoli|menehtyi|elhunyt"
    r"|meghalt|preminu\w+|umr\w+|vefat|hayatını)\b|死去|逝世|去世|病逝|別世|사망|별세|توفي"
)
LABEL = (  # of a column of briefs, the whole line
    r"(?i)^\W*(?:(?:\w+ )?(?:news )?in brief|news briefs|briefs|briefly|in short|short takes"
    r"|roundup|news round-?up|kurz(?: (?:notiert|gemeldet|berichtet|und knapp))?|kurznachrichten"
    r"|kurzmeldungen|meldungen|nachrichten in kürze|in kürze|en bref|brèves|les brèves|l'essentiel"
    r"|en breve|breves|noticias breves|in breve|brevi|notizie in breve|em resumo|notas breves"
    r"|kort nieuws|in het kort|kort|коротко|кратко|новости коротко|w skrócie|krótko|stručně|krátce"
    r"|kortnytt|kort sagt|i korthet|korte nyheter|lyhyesti|röviden|ukratko|kısa haberler"
    r"|短信|简讯|簡訊|短讯)\W*$"
)
MAY_TELL = [  # one stands in every text that matches DIED; sought first
    "died",
    "passed",
    "starb",
    "storben",
    "décéd",
    "mort",
    "morr",
    "muri",
    "fallec",
    "falec",
    "decedut",
    "mancat",
    "overl",
    "умер",
    "скончал",
    "помер",
    "zmar",
    "zemř",
    "avled",
    "døde",
    "dog",
    "kuoli",
    "meneht",
    "elhunyt",
    "meghalt",
    "preminu",
    "umr",
    "vefat",
    "hayat",
    "死",
    "逝世",
    "去世",
    "別世",
    "사망",
    "별세",
    "توفي",
]
LABEL_CHARS = 40
WORD = re.compile(r"[^\W\d_]{2,}")


def find_items(looked: pl.DataFrame, prose: Bools, first: Ints, last: Ints) -> Bools:
    """
    Find the headings of a column's items.

    Args:
        looked: n lines with the columns of `describe_appearance`. prose: n; paragraphs.
    """
    plain = (looked["chars"] <= HEAD_CHARS) & ~looked["ends"] & ~looked["listed"]
    heads = plain.to_numpy() & ~prose & after(prose, last).astype(bool)
    page = looked["page"].to_numpy().astype(np.int64)
    at = np.flatnonzero(heads)
    opening = looked["text"].gather(at + 1).str.head(OPENING_CHARS)
    labels = (plain & (looked["chars"] <= LABEL_CHARS)).arg_true()
    label = np.zeros(len(heads), dtype=bool)
    label[labels.to_numpy()] = looked["text"].gather(labels).str.contains(LABEL).to_numpy()
    in_column = last_where(label, first)[at] >= 0
    asked = _tell_of_death(opening) | in_column
    items = np.zeros(len(heads), dtype=bool)
    items[at[asked]] = [
        _recur(head, text)
        for head, text in zip(
            looked["text"].gather(at[asked]), opening.filter(pl.Series(asked)), strict=True
        )
    ]
    counts = np.bincount(page, items, minlength=int(page.max(initial=0)) + 1)
    items &= counts[page] >= FEWEST
    held = np.zeros(len(heads), dtype=bool)
    held[at[in_column]] = True
    columns = np.bincount(page, held, minlength=len(counts))
    return items | (held & (3 * counts[page] >= 2 * columns[page]) & (counts[page] >= FEWEST))


def _tell_of_death(opening: pl.Series) -> Bools:
    may = opening.str.contains_any(MAY_TELL, ascii_case_insensitive=True).arg_true()
    tells = np.zeros(len(opening), dtype=bool)
    tells[may.to_numpy()] = opening.gather(may).str.contains(DIED).to_numpy()
    return tells


def _recur(head: str, text: str) -> bool:
    """Return whether all words of a heading recur in the text below, but for their endings."""
    own = {word.casefold()[:STEM] for word in WORD.findall(text)}
    words = {word.casefold()[:STEM] for word in WORD.findall(head)}
    return len(words) > 1 and words <= own
