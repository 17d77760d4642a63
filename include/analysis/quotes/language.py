"""
The words of each language: verbs of saying, pronouns, titles, stop words, as data.

One table per language in `languages/*.toml`; to add a language, add a table. Stories in a language
without a table have no quotes.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from include.errors import DataFileInvalid

FOLDER = Path(__file__).with_name("languages")


@dataclass(frozen=True, eq=False)  # compared by identity: one object per language, quick to hash
class Language:
    """
    The words of one language, in lower case.

    verbs: finite verbs of saying. participles: their forms without a subject of their own. nouns:
    what a quote may be called (statement, tweet). sources: phrases before a speaker (according to).
    after: verb-like words before a speaker, after the quote only (so, aldus). fillers: words
    between subject and verb. stops: words that end a speaker after the verb. clauses: words that
    begin a clause. starts: words at the start of a sentence that are not names. works: words
    before a title. inverts: whether the subject may follow the verb before a quote. drops: whether
    a verb may have none (dijo). impersonal: subjects that name nobody (heißt es in). reported:
    verb forms of reported speech without a cue. again: verbs by which the same speaker goes on.
    groups: words in names of groups. he, she: pronouns of a man and of a woman.
    """

    verbs: frozenset[str]
    participles: frozenset[str]
    nouns: frozenset[str]
    sources: tuple[tuple[str, ...], ...]
    after: frozenset[str]
    pronouns: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    clauses: frozenset[str]
    fillers: frozenset[str]
    stops: frozenset[str]
    starts: frozenset[str]
    titles: frozenset[str]
    abbreviations: frozenset[str]
    works: frozenset[str]
    inverts: bool
    drops: bool
    impersonal: frozenset[str]
    reported: frozenset[str]
    again: frozenset[str]
    groups: frozenset[str]


@cache
def read_language(code: str) -> Language | None:
    """
    Give the words of a language by its ISO 639-1 code; None where there is no table.

    Raises:
        DataFileInvalid: a table has an unknown key, or lacks one.
    """
    path = FOLDER / f"{code}.toml"
    if not code.isalpha() or not path.is_file():
        return None
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    stems, endings = table.pop("stems", "").split(), table.pop("endings", "").split()
    keys = {field.name for field in fields(Language)}
    if set(table) != keys:
        problem = set(table) ^ keys
        raise DataFileInvalid(f"key in {path.name}", problem, f"Use just {sorted(keys)}.")
    sources = sorted((tuple(phrase.split()) for phrase in table.pop("sources")), key=len)
    inverts, drops = table.pop("inverts"), table.pop("drops")
    words = {key: frozenset(text.split()) for key, text in table.items()}
    words["verbs"] |= {stem + ending for stem in stems for ending in endings}
    return Language(sources=tuple(sources[::-1]), inverts=inverts, drops=drops, **words)
