"""
Find the headings of a column's items: obituaries, and briefs below a line such as «In brief».

A heading whose words recur below it may also be a sub-heading, so more evidence is required: the
text below reports a death, or a label opens the column; and a page needs two such headings.
"""

import re

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, after, last_where
from include.splitter.lines.patterns import contains, contains_with
from include.splitter.roles.line_masks import mask_lines

HEAD_CHARS = 80
OPENING_CHARS = 300
MIN_ITEMS = 2  # fewest such headings on a page with a column
STEM = 4  # first letters that words of a heading and its text must share: «returned», «return»
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
DEATH_WORDS = [  # every text that matches DIED contains one
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
    label = mask_lines(labels, contains(looked["text"].gather(labels), LABEL), len(heads))
    in_column = last_where(label, first)[at] >= 0
    reports_death = contains_with(opening, DEATH_WORDS, DIED, any_case=True).to_numpy()
    has_evidence = reports_death | in_column
    items = np.zeros(len(heads), dtype=bool)
    items[at[has_evidence]] = [
        _recurs(head, text)
        for head, text in zip(
            looked["text"].gather(at[has_evidence]),
            opening.filter(pl.Series(has_evidence)),
            strict=True,
        )
    ]
    counts = np.bincount(page, items, minlength=int(page.max(initial=0)) + 1)
    items &= counts[page] >= MIN_ITEMS
    labelled = np.zeros(len(heads), dtype=bool)
    labelled[at[in_column]] = True
    columns = np.bincount(page, labelled, minlength=len(counts))
    return items | (
        labelled & (3 * counts[page] >= 2 * columns[page]) & (counts[page] >= MIN_ITEMS)
    )


def _recurs(head: str, text: str) -> bool:
    """Return whether the text below repeats all words of a heading, apart from their endings."""
    own = {word.casefold()[:STEM] for word in WORD.findall(text)}
    words = {word.casefold()[:STEM] for word in WORD.findall(head)}
    return len(words) > 1 and words <= own
