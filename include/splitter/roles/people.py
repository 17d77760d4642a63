"""
Find author boxes and contact blocks: lines about people that are not part of a story's text.
"""

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, after, before, last_where, run_ids, sum_over
from include.splitter.lines.patterns import contains
from include.splitter.roles.line_masks import mask_lines, match_lines

NAME = (
    r"\p{Lu}[\p{L}'’.-]+(?:\s?\([^)]*\))?"
    r"(?:\s(?:\p{Lu}[\p{L}'’.-]*|de|van|von|der|la|le|di|al)){1,4}"
)
TITLES = (
    r"(?:reporter|correspondent|editor|journalist|columnist|writer|author|contributor|critic|blogger"
    r"|photographer|copywriter|redakteur(?:in)?|reporterin|korrespondent(?:in)?|journalist(?:in)?"
    r"|autor(?:in)?|kolumnist(?:in)?|volontär(?:in)?|journaliste|correspondante?|rédact\p{L}+"
    r"|chroniqueu\p{L}+|periodista|redactora?|corresponsal|columnista|giornalista|corrispondente"
    r"|redattor\p{L}+|jornalista|repórter|redatora?|colunista|redacteur|verslaggever"
    r"|корреспондент|журналист(?:ка)?|обозреватель|автор|редактор|dziennikar\p{L}+|redaktor\p{L}*"
    r"|publicyst\p{L}+|novinář\p{L}*|reportér\p{L}*|toimittaja|újságíró|szerkesztő\p{L}*"
    r"|novinar(?:ka)?|urednik|urednica|skribent)"
)
IS = r"(?:is|are|was|has been|ist|war|arbeitet als|est|es|è|é|är|er|jest|je|on|—|–|-)"
BIO = (
    rf"^[^\p{{L}}]*(?:(?:About the (?:author|writer)|Über (?:den Autor|die Autorin))\P{{L}}+)?"
    rf"{NAME}(?:\s?\([^)]*\))?,? (?:{IS}\s[^.!?]{{0,90}}(?i:\b{TITLES}\b)"
    r"|(?:writes|covers|reports|écrit|escribe|scrive|escreve|schrijft|skriver|pisze|píše|пишет)"
    r"\s(?:about|on|for|sur|pour|sobre|para|su|per|over|voor|om|o|для|о)\b)"
)
BIO_CHARS = (50, 600)
MAIL = r"[\w.+-]+(?:@|\s?[\[(]at[\])]\s?)[\w-]+(?:\.|\s?[\[(]dot[\])]\s?)[\w.-]+"
ADDRESS = (  # a line that only gives a telephone number or an e-mail address
    r"(?i)^\W*(?:(?:tel(?:efon\w*|éf\w*|éph\w*)?|phone|fon|fax|mobile?|cell|handy|тел\w*|電話|电话)"
    r"(?:(?:[^\w@][^\d@]{0,19}\+?|\+)[\d(]|\()[\d\s()/.-]{4,}\d"
    rf"|(?:e-?mail|mail|courriel|correo|contact|kontakt|contacto|contatto|邮箱|メール)\P{{L}}{{1,4}}{MAIL}"
    rf"|{MAIL})\W*$"
)
LEAD = (  # «For further information, please contact:»
    r"(?i)^\W*(?:for (?:further|more|additional|media) (?:information|inquiries|enquiries)"
    r"|media (?:contacts?|inquiries|enquiries)|press (?:contacts?|office)"
    r"|investor (?:contacts?|relations)|contacts?|further information|pressekontakt|kontakt"
    r"|ansprechpartner(?:in)?|rückfragen"
    r"|weitere informationen|contacts? presse|contacto|para más información|contatti|ufficio stampa"
    r"|contatos?|assessoria de imprensa|perscontact|voor meer informatie|контакты|biuro prasowe"
    r"|tiskové oddělení|lisätietoja|sajtókapcsolat|お問い合わせ先?|联系方式|联系人)"
    r"(?:[^\w.!?][^.!?]*)?[:：]?\s*$"
)
LINE_CHARS = 100


def find_author_boxes(looked: pl.DataFrame, prose: Bools, last: Ints) -> Bools:
    """
    Find paragraphs that say who the writer is and have no other paragraph directly below.

    The paragraphs of a profile begin the same way, but more text follows them. Of 30 such lines on
    dev2 with a title, one is body.
    """
    low, high = BIO_CHARS
    at = (looked["chars"].is_between(low, high) & looked["ends"]).arg_true()
    is_bio = mask_lines(at, contains(looked["text"].gather(at), BIO), len(looked))
    return is_bio & ~(after(prose & ~is_bio, last).astype(bool))


def find_contacts(looked: pl.DataFrame, first: Ints, last: Ints) -> Bools:
    """Find the lines of contact blocks: a lead-in, names, numbers and addresses, in one block."""
    address = match_lines(looked, LINE_CHARS, ADDRESS)
    if not address.any():
        return address
    lead = match_lines(looked, LINE_CHARS, LEAD)
    gap = looked["gap"].to_numpy()
    ids = np.arange(len(address))
    close = (gap == 0) & (ids > first)
    group = run_ids(~close)
    small = ((looked["chars"] <= LINE_CHARS) & ~looked["ends"]).to_numpy()
    opens = last_where(lead, first)
    led = (opens >= 0) & ((group[np.maximum(opens, 0)] >= group - 1) | (ids - opens <= 1))
    block = sum_over(address, group) > 0
    member = block & led & (ids >= opens) & (small | lead)
    below = after(member, last).astype(bool)
    alone = address & ~close & ~after(close, last).astype(bool) & ~before(close, first).astype(bool)
    return member | (lead & below) | alone
