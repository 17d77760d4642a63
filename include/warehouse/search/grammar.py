"""
Parse search queries.

    query := part (OR part)*
    part  := item ([AND] item)*       all items must match
    item  := NOT item | -item | (query) | "phrase" | word | field:word | field:"phrase"

Operators are in capitals; quotes may be single, double or curly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from include.errors import UsageWrong
from include.warehouse.search.terms import list_terms

LONGEST = 1_000  # characters of a query
DEEPEST = 20  # brackets and negations inside one another
HEADLINE, OUTLET, LANGUAGE, AFTER, BEFORE = "headline", "outlet", "language", "after", "before"
FIELDS = (HEADLINE, OUTLET, LANGUAGE, AFTER, BEFORE)
QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“”", "«": "»"}
TOKEN = re.compile(
    r"""
    \s*(?:
      (?P<bracket>[()])
    | (?P<minus>-)(?=[^\s)])
    | (?P<field>[A-Za-z_]+):
    | (?P<phrase>["'“„«])
    | (?P<word>[^\s()"“”„«»]+)
    )""",
    re.VERBOSE,
)
DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
EXAMPLE = 'Write words, as in: ferry AND strike -goose outlet:"Sund Press" after:2026-01-31'


@dataclass(frozen=True)
class Words:
    """Terms in a row, in the headline or (unless `is_headline`) in the body."""

    terms: tuple[str, ...]
    is_headline: bool = False


@dataclass(frozen=True)
class Outlet:
    """Stories of an outlet; its name as terms."""

    terms: tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """Stories in a language, by its code."""

    code: str


@dataclass(frozen=True)
class Published:
    """Stories published on a day or later, or (`is_before`) earlier."""

    day: date
    is_before: bool


@dataclass(frozen=True)
class Not:
    """Stories that an item does not match."""

    item: Node


@dataclass(frozen=True)
class All:
    """Stories that every item matches."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Any:
    """Stories that at least one item matches."""

    items: tuple[Node, ...]


Node = Words | Outlet | Language | Published | Not | All | Any


def parse_query(query: str) -> Node:
    """
    Parse a query; words without a letter or digit do not count.

    Raises:
        UsageWrong: it is empty, too long, or not of this grammar; the message says where.
    """
    if len(query) > LONGEST:
        raise UsageWrong("search", f"{query[:40]}…", f"Use at most {LONGEST:,} characters.")
    parser = _Parser(query, _list_tokens(query))
    node = parser.parse_any(0)
    if parser.kind == "bracket":
        parser.refuse('A ")" has no "(" before it.')
    if node is None:
        parser.refuse(f"It has no word to search for. {EXAMPLE}")
    return node


def _list_tokens(query: str) -> list[tuple[str, str]]:
    """Cut a query into tokens: kind and text; a phrase without its quotes."""
    tokens = []
    at, end = 0, len(query.rstrip())
    while at < end:
        match = TOKEN.match(query, at, end)
        kind, text = (match.lastgroup or "", match[match.lastgroup or 0]) if match else ("", "")
        at = match.end() if match else at
        if kind == "phrase":
            closing = QUOTES[text]
            close = next((n for n in range(at, end) if query[n] in closing), None)
            if close is None:
                way_out = f"The quote {text} is never closed. Close it, or leave it out."
                raise UsageWrong("search", query, way_out)
            text, at = query[at:close], close + 1
        elif not kind:  # a closing quote
            way_out = f"The quote {query[at:].lstrip()[0]} closes nothing. Leave it out."
            raise UsageWrong("search", query, way_out)
        tokens.append((kind, text))
    return tokens


class _Parser:
    """Reads tokens one by one; `kind` and `text` are the next token's, '' at the end."""

    def __init__(self, query: str, tokens: list[tuple[str, str]]) -> None:
        self.query = query
        self.tokens = [*tokens, ("", "")]
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def refuse(self, way_out: str) -> NoReturn:
        raise UsageWrong("search", self.query, way_out)

    def is_operator(self, *names: str) -> bool:
        return self.kind == "word" and self.text in names

    def is_end(self) -> bool:
        return not self.kind or (self.kind, self.text) == ("bracket", ")")

    def parse_any(self, depth: int) -> Node | None:
        """Parse parts that OR joins."""
        parts = [self.parse_all(depth)]
        while self.is_operator("OR"):
            self.at += 1
            parts.append(self.parse_all(depth))
        kept = tuple(part for part in parts if part is not None)
        return Any(kept) if len(kept) > 1 else next(iter(kept), None)

    def parse_all(self, depth: int) -> Node | None:
        """Parse items that must all match, up to OR, a bracket or the end."""
        if self.is_operator("AND", "OR") or (self.is_end() and self.at):
            before = self.tokens[self.at - 1][1] if self.at else "the start"
            self.refuse(f"A word is missing after {before}. {EXAMPLE}")
        items = []
        while not self.is_end() and not self.is_operator("OR"):
            if self.is_operator("AND"):
                self.at += 1
                if self.is_end() or self.is_operator("AND", "OR"):
                    self.refuse(f"A word is missing after AND. {EXAMPLE}")
            items.append(self.parse_item(depth))
        kept = tuple(item for item in items if item is not None)
        return All(kept) if len(kept) > 1 else next(iter(kept), None)

    def parse_item(self, depth: int) -> Node | None:
        """Parse one item; None for a word without a letter or digit."""
        if depth > DEEPEST:
            self.refuse(f"Brackets and negations are more than {DEEPEST} deep.")
        kind, text = self.kind, self.text
        is_not = kind == "minus" or self.is_operator("NOT")
        self.at += 1
        if is_not:
            if self.is_end() or self.is_operator("AND", "OR"):
                self.refuse(f"A word is missing after {text}. {EXAMPLE}")
            item = self.parse_item(depth + 1)
            return None if item is None else Not(item)
        if kind == "bracket":
            node = self.parse_any(depth + 1)
            if (self.kind, self.text) != ("bracket", ")"):
                self.refuse('A "(" is never closed. Close it, or leave it out.')
            self.at += 1
            return node
        if kind == "field":
            return self.parse_field(text)
        terms = tuple(list_terms(text))
        if not terms and kind == "phrase":
            self.refuse("A phrase in quotes has no word.")
        return Words(terms) if terms else None

    def parse_field(self, name: str) -> Node:
        """Parse the value after a field's colon."""
        if name.lower() not in FIELDS:
            fields = ", ".join(f"{field}:" for field in FIELDS)
            way_out = f"There is no field {name}:. The fields are {fields}"
            self.refuse(f"{way_out}; to search for the words, quote them.")
        field, value = name.lower(), self.text
        if self.kind not in ("word", "phrase"):
            self.refuse(f"A value is missing after {name}:.")
        self.at += 1
        if field in (AFTER, BEFORE):
            return Published(self.parse_day(name, value), field == BEFORE)
        terms = tuple(list_terms(value))
        if not terms:
            self.refuse(f"A value is missing after {name}:.")
        if field == OUTLET:
            return Outlet(terms)
        return Language(terms[0]) if field == LANGUAGE else Words(terms, is_headline=True)

    def parse_day(self, name: str, value: str) -> date:
        """Read a day; a month or a year means its first day."""
        match = DAY.fullmatch(value)
        try:
            if match is not None:
                return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            pass
        self.refuse(f"{name}: takes a day such as 2026-01-31, a month 2026-01 or a year 2026.")
