"""
Find lines set apart from a story's paragraphs: table rows, pointers to other stories, consent text.

All are recognised by form or by fixed phrases in many languages, before the classifier is asked.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, run_ids, sum_over
from include.splitter.lines.patterns import contains, count_matches
from include.splitter.roles.line_masks import mask_lines, match_lines

ROW_CHARS = 100  # longest table row
SEPARATORS = (r"\t", r"\S\s*\|\s*\S", r"\S {2,}\S")  # between two cells; one kind in each table
MIN_CELLS = (2, 3, 3)  # fewest cells of a row, by kind: «Home | News» is no row
TABS = 1
SIDE = r"\p{Lu}[\p{L} .'’&/-]{1,35}"
GOALS = r"\d{1,3}(?:\s?\(\d[\d\s:–-]*\))?"
SCORE = (  # «Tolvik 22 Vorrin 9», «Tolvik – Vorrin 3:1 (1:0)», «Tolvik 3-1 Vorrin»
    rf"^\W*(?:{SIDE},?\s{GOALS}\s?(?:[,–-]|v|vs\.?)?\s*{SIDE},?\s{GOALS}"
    rf"|{SIDE}\s(?:[–—-]|vs?\.?)\s{SIDE}\s\d{{1,3}}\s?[:–-]\s?{GOALS}"
    rf"|{SIDE}\s\d{{1,3}}\s?[:–-]\s?{GOALS}\s{SIDE})\W*$"
)
SCORES = 4
POINTER_CHARS = 240
POINTER = (
    r"(?i)^[^\w•·*-]*(?:also read|read also|read more|see also|related|more on this|more from"
    r"|don't miss|lesen sie auch|lesen sie mehr|auch interessant|mehr zum thema|zum thema"
    r"|lire aussi|à lire aussi|lire également|lee también|leer también|lea también"
    r"|le puede interesar"
    r"|leggi anche|leia também|leia mais|veja também|lees ook|les også|læs også|läs också|lue myös"
    r"|zobacz też|zobacz także|czytaj też|czytaj także|čtěte také|čtěte více|pročitajte i"
    r"|читайте также|читать также|смотрите также|ayrıca okuyun|baca juga|xem thêm|اقرأ أيضا"
    r"|延伸阅读|延伸閱讀|相关阅读|相关新闻|関連記事|あわせて読みたい|관련 기사|관련기사)"
    r"\s*[:：|–—]\s*\S"
)
CONSENT_CHARS = 1500
MAY_CONSENT = r"ookie|onsent|inwillig|ustimm|atenschutz|rivac|onfidential"  # any case, fast
CONSENT_TERMS = (
    r"(?i)cookie", r"(?i)\bpart(?:ners?|nern|enaires|enaire)\b|\bsocios\b|\bpartner",
    r"(?i)consent|einwilligung|zustimm|toestemming|samtykke|samtycke|согласи",
    r"(?i)personal data|personenbezogen|données personnelles|datos personales|dati personali"
    r"|dados pessoais|persoonsgegevens|персональн",
    r"(?i)personali[sz]|personnalis|personaliz|gepersonaliseerd", r"(?i)\bpermission|erlaubnis",
    r"(?i)\bdevice|\bgerät|appareil|dispositiv|apparaat", r"(?i)privac|datenschutz|privatsphäre",
)  # fmt: skip
ADDRESS = (
    r"(?i)\b(?:we|our|us|wir|unsere?n?|uns|nous|nos|notre|nosotros|nuestr\w+|noi|nostr\w+|wij|onze)\b",
    r"(?i)\b(?:you|your|sie|ihre?r?|vous|vos|votre|usted|sus?|tu|tuo|suoi|u|uw|je)\b",
)  # fmt: skip
CONSENT_SIGNS = 5  # of the terms and ADDRESS; on dev2 10 paragraphs have so many, all consent text


def find_table_rows(looked: pl.DataFrame, first: Ints) -> Bools:
    """
    Find table rows: neighbouring lines with cells set apart alike, half of them with figures; and
    neighbouring results of matches.

    They are side matter of a story: 378 of 432 such lines inside dev2's stories are labelled so.

    Args:
        looked: n lines with the columns of `describe_appearance`.
    """
    kind = np.zeros(len(looked), dtype=np.int64)
    short = ((looked["chars"] <= ROW_CHARS) & ~looked["ends"]).to_numpy()
    for number, (separator, cells) in enumerate(zip(SEPARATORS, MIN_CELLS, strict=True), 1):
        mark = {1: "\t", 2: "|", 3: "  "}[number]
        open_ = pl.Series(short & (kind == 0)) & looked["text"].str.contains(mark, literal=True)
        at = open_.arg_true()
        count = count_matches(looked["text"].gather(at), separator).to_numpy() + 1
        kind[at.to_numpy()[count >= cells]] = number
    at = pl.Series(short & (kind == 0) & (looked["digits"].to_numpy() > 0)).arg_true()
    kind[at.filter(contains(looked["text"].gather(at), SCORE)).to_numpy()] = SCORES
    ids = np.arange(len(kind))
    near = (looked["gap"].to_numpy() <= 1) & (ids > first)
    same = np.r_[False, kind[1:] == kind[:-1]][: len(kind)]
    group = run_ids(~(near & same))
    rows, figured = sum_over(kind > 0, group), sum_over(looked["digits"].to_numpy() > 0, group)
    return (kind > 0) & (rows > 1) & ((2 * figured >= rows) | (kind == TABS))


def find_pointers(looked: pl.DataFrame) -> Bools:
    """Find lines that point to another story by name: «Also read: Bakers go on strike»."""
    return match_lines(looked, POINTER_CHARS, POINTER)


def find_consent(looked: pl.DataFrame) -> Bools:
    """Find paragraphs that ask for consent to cookies: they address the reader in set terms."""
    may = (looked["chars"] <= CONSENT_CHARS) & contains(looked["text"], MAY_CONSENT)
    at = may.arg_true()
    text = looked["text"].gather(at)
    signs = np.stack([contains(text, term).to_numpy() for term in (*CONSENT_TERMS, *ADDRESS)])
    speaks = contains(text, rf"^\W*{ADDRESS[0]}").to_numpy() | signs[-1]  # to the reader
    is_consent = (signs.sum(axis=0) >= CONSENT_SIGNS) & speaks
    return mask_lines(at, pl.Series(is_consent), len(looked))
