"""
Recognise press releases and agency reports: by a first paragraph that opens with place and day or
agency, and by the standard headings of releases.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools
from include.splitter.lines.patterns import contains_with
from include.splitter.roles.line_masks import mask_lines, match_lines

OPENING_CHARS = 140
MONTH_DAY = r"(?:\p{Lu}\p{L}{2,11}\.?\s\d{1,2}(?:st|nd|rd|th)?|\d{1,2}\.?\s(?:de\s)?\p{L}{3,12}\.?)"
DAY = rf"(?:{MONTH_DAY}(?:,?\s(?:de\s)?(?:19|20)\d\d)?|\d{{1,2}}[./]\d{{1,2}}[./](?:\d\d){{1,2}})"
SOURCE = r"[(\[/][^()\[\]/]{2,40}[)\]/]{1,2}"
PLACE = r"\p{Lu}[\p{L}.'’ /-]{1,40}(?:,\s\p{L}[\p{L}.' ]{1,25}){0,2}"
OPENING = (  # «ARDENPORT, March 3, 2026 (GLOBAL WIRE) -- », «Tolvik (Norvan) – »
    rf"^{PLACE}(?:(?:,|\s[|–-])?\s(?:den\s|le\s|el\s|il\s|em\s|a\s)?{DAY}"
    rf"(?:\s?[,–-]?\s?{SOURCE})*|\s?{SOURCE})"
    r"(?:\s?(?:--|[—–])\s?|\s-\s|\.\s?[–—-]\s)\s*[\"“„«‘']?[\p{Lu}\d]"
)
ISSUER = (
    r"(?i:inc|corp(?:oration)?|ltd|llc|plc|ag|gmbh|se|s\.a|spa|s\.p\.a|n\.?v|b\.?v|oyj?|ab|asa|kgaa"
    r"|group|gruppe|holdings?|foundation|stiftung|company|co|association|university|council|partners)"
)
HEADING = (
    r"^(?:(?:About|Über|À propos d(?:e\s(?:la\s)?|u\s|es\s|['’])|Acerca de|Sobre|Informazioni su"
    rf"|Chi è|Over|О компании)\s?\p{{Lu}}[^.!?]{{0,59}}[^\w.!?]{ISSUER}\.?"
    r"|(?i:(?:cautionary (?:note|statement)s?(?:\W.*)?"
    r"|(?:.{0,39}\W)?forward[- ]looking (?:statements?|information)|safe harbou?r.{0,40}"
    r"|notes? (?:to|for) editors?|zukunftsgerichtete aussagen"
    r"|zukunftsbezogene aussagen"
    r"|hinweise? an die redaktion(?:en)?|déclarations prospectives|énoncés prospectifs"
    r"|declaraciones prospectivas|dichiarazioni previsionali|declarações prospectivas"
    r"|toekomstgerichte verklaringen)))\s*:?$"
)
HEADING_CHARS = 90
DASHES = ("--", "–", "—", " - ")  # every opening contains one


def find_openings(looked: pl.DataFrame, prose: Bools) -> Bools:
    """Find paragraphs that open with place and day, or place and agency."""
    at = pl.Series(np.flatnonzero(prose))
    head = looked["text"].gather(at).str.head(OPENING_CHARS)
    return mask_lines(at, contains_with(head, DASHES, OPENING), len(looked))


def find_headings(looked: pl.DataFrame) -> Bools:
    """Find the standard headings of press releases: «About Brackwater Zinc Corp.»"""
    return match_lines(looked, HEADING_CHARS, HEADING)
