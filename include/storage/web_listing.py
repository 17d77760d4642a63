"""
The links of a web server's listing: where they lead, and what the file there is called.

Knows no server. What a link says is not believed: one that asks a question (as those that sort a
listing do) or climbs is none of ours.
"""

from __future__ import annotations

import os
from html.parser import HTMLParser
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit, urlunsplit

PLAIN = "~!$&'()*+,;=:@"  # what a path's parts may hold unescaped, beside letters, digits and -._
PLAIN_PORTS = {"http": ":80", "https": ":443"}


def find_links(url: str, page: str) -> list[str]:
    """Give where the links of a page lead, in its order, each URL in the one form."""
    links = _Links()
    links.feed(page)
    links.close()
    return [told for link in links.found if (told := _resolve(url, link))]


def normalise(url: str) -> str:
    """
    Give a URL in one form: which signs of a path are escaped is the writer's taste.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(PLAIN_PORTS.get(parts.scheme, " "))
    path = "/".join(quote(unquote_to_bytes(part), safe=PLAIN) for part in parts.path.split("/"))
    return urlunsplit((parts.scheme, host, path, parts.query, ""))


def name_below(url: str, top: str) -> str:
    """Give a file's name inside the folder; a '/' within a part stays escaped."""
    parts = url.removeprefix(top).split("/")
    return "/".join(os.fsdecode(unquote_to_bytes(part)).replace("/", "%2F") for part in parts)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def _resolve(url: str, link: str) -> str | None:
    """Give where a link leads; None for one with a question, as those that sort a listing."""
    try:
        told = normalise(urldefrag(urljoin(url, link.strip())).url)
    except ValueError:
        return None
    is_climbing = any(part in (".", "..") for part in told.split("/"))
    return None if "?" in told or is_climbing else told
