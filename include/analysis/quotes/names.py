"""
Give a quote's speaker a full name: expand surnames and resolve pronouns.

A pronoun is resolved only if it can mean one person: the only one named, outside quotes, before it
in its paragraph or in the two paragraphs above.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from include.analysis.quotes.language import Language
from include.analysis.quotes.marks import find_paragraphs, find_stretches
from include.analysis.quotes.speakers import name_runs, strip_possessive, strip_titles
from include.analysis.quotes.tokens import ENDS, WORD, Token, cut_sentences, cut_tokens
from include.given_names import read_given_names

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
    """The names of a body's first paragraphs, by the paragraph they are in."""

    def __init__(self, body: str, words: Language, paragraphs: int) -> None:
        self._named: dict[int, list[Named]] = defaultdict(list)
        self._full: dict[str, set[str]] = defaultdict(set)
        self._alone: set[str] = set()
        self._titled: set[str] = set()
        self._words = words
        self._given = read_given_names()
        for number, (start, end) in enumerate(islice(find_paragraphs(body), paragraphs)):
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
            self._titled.add(named.name)

    def expand(self, name: str) -> str:
        """Give the only full name in the body that ends with this surname, or the name itself."""
        full = self._full.get(name, set())
        return next(iter(full)) if len(full) == 1 else name

    def resolve(
        self, pronoun: str, start: int, paragraph: int, speakers: frozenset[str]
    ) -> str | None:
        """
        Give the one person that a pronoun at this place can mean; None for none, or several.

        Two names that may be people's are ambiguous. A single one is the answer only if it is
        surely a person's: it has a title or a given name, is the speaker of a quote, or its
        surname also stands alone.
        """
        if pronoun.lower() not in self._words.he | self._words.she:
            return None  # I, we, they, it, who
        for number in range(paragraph, max(-1, paragraph - ABOVE - 1), -1):
            near = [named for named in self._named[number] if named.start < start]
            persons = {self.expand(n.name) for n in near if self._may_be_person(n, speakers)}
            persons = {name for name in persons if self._agrees(name, pronoun)}
            if len(persons) > 1:
                return None
            if persons:
                name = persons.pop()
                return name if self._is_person(name, speakers) else None
        return None

    def _may_be_person(self, named: Named, speakers: frozenset[str]) -> bool:
        name = self.expand(named.name)
        parts = name.split()
        return self._is_person(name, speakers) or (
            2 <= len(parts) <= PERSON_WORDS and named.is_free
        )

    def _is_person(self, name: str, speakers: frozenset[str]) -> bool:
        parts = name.split()
        is_full_name = len(parts) > 1 and (
            parts[0].lower() in self._given or parts[-1] in self._alone
        )
        return is_full_name or name in self._titled or name in speakers

    def _agrees(self, name: str, pronoun: str) -> bool:
        """Whether a name may be meant by he or she, by its given name."""
        is_woman = self._given.get(name.split()[0].lower())
        if is_woman is None:
            return True
        return pronoun.lower() not in (self._words.he if is_woman else self._words.she)


def _is_heading(tokens: list[Token]) -> bool:
    """Whether a paragraph has no full stop and capitals in most words, which then are not names."""
    words = [token for token in tokens if token.kind == WORD]
    capitals = sum(token.is_capital for token in words)
    return capitals > 0.6 * len(words) and not any(token.text in ENDS for token in tokens[-2:])
