"""
Name a quote's speaker: the full name of a surname, and who a pronoun is.

A pronoun is resolved only where one person is possible: the only one named, outside quotes, in its
paragraph before it or in the two paragraphs above.
"""

from collections import defaultdict
from dataclasses import dataclass

from include.analysis.quotes.language import Language
from include.analysis.quotes.marks import find_paragraphs, find_stretches
from include.analysis.quotes.speakers import Mention, name_runs, strip_possessive, strip_titles
from include.analysis.quotes.tokens import WORD, Token, cut_sentences, cut_tokens

ABOVE = 2  # paragraphs above a pronoun in which its person may be named
PERSON_WORDS = 4  # longest name of a person: José Luis Rodríguez Zapatero


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a body, outside quotes, without titles."""

    start: int
    paragraph: int
    name: str
    has_title: bool
    is_free: bool  # no article and no preposition before it


class Names:
    """The names of one body, by the paragraph they are in."""

    def __init__(self, body: str, words: Language) -> None:
        self._named: dict[int, list[Named]] = defaultdict(list)
        self._full: dict[str, set[str]] = defaultdict(set)
        self._alone: set[str] = set()
        self._persons: set[str] = set()
        for number, (start, end) in enumerate(find_paragraphs(body)):
            tokens = cut_tokens(body, start, end, find_stretches(body, start, end))
            if not _is_heading(tokens):
                for sentence in cut_sentences(tokens, words):
                    self._read(sentence, number, words)

    def _read(self, sentence: list[Token], number: int, words: Language) -> None:
        places = {token.start: index for index, token in enumerate(sentence)}
        for run in name_runs(sentence, words):
            bare = strip_titles(run, words)
            if not bare or bare[-1].low in words.titles or bare[-1].text[1:].isupper():
                continue
            if any(token.low in words.groups for token in bare):
                continue
            index = places[run[0].start]
            before = sentence[index - 1].low if index else ""
            free = before not in words.articles | words.prepositions
            name = " ".join(strip_possessive(token.text) for token in bare)
            self._add(Named(bare[0].start, number, name, len(bare) < len(run), free))

    def _add(self, named: Named) -> None:
        self._named[named.paragraph].append(named)
        parts = named.name.split()
        if len(parts) == 1:
            self._alone.add(parts[0])
        elif len(parts) <= PERSON_WORDS:
            self._full[parts[-1]].add(named.name)
        if named.has_title:
            self._persons.add(named.name)

    def expand(self, name: str) -> str:
        """Give the only full name in the body that ends with this surname, or the name itself."""
        full = self._full.get(name, set())
        return next(iter(full)) if len(full) == 1 else name

    def resolve(self, pronoun: Mention, paragraph: int, speakers: frozenset[str]) -> str | None:
        """Give the one person a pronoun can mean; None where there is none, or more than one."""
        for first in range(paragraph, max(-1, paragraph - ABOVE - 1), -1):
            near = [named for named in self._named[first] if named.start < pronoun.start]
            persons = {self.expand(n.name) for n in near if self._is_person(n, speakers)}
            if len(persons) > 1:
                return None
            if persons:
                return persons.pop()
        return None

    def _is_person(self, named: Named, speakers: frozenset[str]) -> bool:
        name = self.expand(named.name)
        if named.has_title or name in self._persons or name in speakers:
            return True
        parts = name.split()
        return 2 <= len(parts) <= PERSON_WORDS and (named.is_free or parts[-1] in self._alone)


def _is_heading(tokens: list[Token]) -> bool:
    """Whether most words have a capital, so that capitals name nobody."""
    words = [token for token in tokens if token.kind == WORD]
    return sum(token.is_capital for token in words) > 0.6 * len(words)
