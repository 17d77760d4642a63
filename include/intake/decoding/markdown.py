"""
Read Markdown: recognise it, render it as HTML, whose text is then read as any page's, and its front
matter.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt

from include.errors import MALFORMED_YAML
from include.intake.decoding.metadata import NO_FACTS, Facts, parse_facts
from include.intake.decoding.records import Fields, read_record_facts

PROBE_CHARS = 2**16
FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S
)
KEY = re.compile(r"^[\w-]{1,40}[ \t]*:", re.M)
HEAD = re.compile(r"^#{1,6}[ \t]+\S", re.M)
FIRST_HEAD = re.compile(r"\s*(?:#[ \t]+[^\W\d_]|[^\n]{3,200}\n={3,}[ \t]*(?:\n|\Z))")
LINK = re.compile(
    r"!?\[[^\]\n]{0,300}\]\((?:https?:|/|#|mailto:|data:)[^)\s]{0,2000}"
    r"(?:[ \t]+\"[^\"\n]{0,300}\")?\)"
)
MIN_LINKS = 3  # without a heading
NESTING = 20  # of quotes and lists, as in the parser's own strict preset


def is_markdown(text: str) -> bool:
    """
    Tell Markdown from plain text: by its front matter, its first heading, or headings and links.

    One link or one `#` in a text does not make it Markdown.
    """
    probe = text[:PROBE_CHARS]
    matter = FRONT_MATTER.match(probe)
    if matter and KEY.search(matter[1]):
        return True
    if FIRST_HEAD.match(probe.lstrip("\ufeff")):
        return True
    links = sum(1 for _ in LINK.finditer(probe)) if "](" in probe else 0
    return links >= MIN_LINKS or (links > 0 and HEAD.search(probe) is not None)


def render(text: str) -> str:
    """Render Markdown as HTML, without its front matter and images; line ends stay line ends."""
    html: str = _parser().render(_split(text)[1])
    return f"<!doctype html><html><body>{html}</body></html>"


def read_markdown_facts(text: str, fields: Fields) -> Facts:
    """Return what the front matter says of a page; its title is else the first main heading."""
    matter, body = _split(text)
    facts = NO_FACTS
    try:
        record = yaml.safe_load(matter)
    except (yaml.YAMLError, *MALFORMED_YAML):
        record = None
    if isinstance(record, dict):
        plain = {key: _plain(value) for key, value in record.items() if isinstance(key, str)}
        facts = read_record_facts(plain, fields)
    title = facts.title or _find_heading(body)
    return parse_facts(title=title, title_source="markdown").over(facts)


def _split(text: str) -> tuple[str, str]:
    """Part the front matter from the text."""
    matter = FRONT_MATTER.match(text)
    if matter and KEY.search(matter[1]):
        return matter[1], text[matter.end() :]
    return "", text.removeprefix("\ufeff")


def _find_heading(body: str) -> str | None:
    tokens = _parser().parse(body)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h1":
            return "".join(child.content for child in inline.children or ())
    return None


def _plain(value: object) -> object:
    """Return a date of YAML as the text it was."""
    return value.isoformat() if hasattr(value, "isoformat") else value


@cache
def _parser() -> MarkdownIt:
    options = {"html": True, "linkify": False, "typographer": False, "breaks": True}
    parser = MarkdownIt("commonmark", {**options, "maxNesting": NESTING}).enable(
        ["table", "strikethrough"]
    )
    parser.add_render_rule("image", lambda self, tokens, at, options, env: "")
    return parser
