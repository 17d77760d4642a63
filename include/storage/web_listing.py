"""
Find the links of a web server's listing, and the names of the files they lead to.

Independent of the server's software. Links are not trusted: those with a query (which sort the
listing) or with `..` are ignored.
"""

from __future__ import annotations

import os
from html.parser import HTMLParser
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit, urlunsplit

PLAIN = "~!$&'()*+,;=:@"  # unescaped in parts of a path, in addition to letters, digits and -._
PLAIN_PORTS = {"http": ":80", "https": ":443"}


def find_links(url: str, page: str) -> list[str]:
    """Return the URLs of the links of a page, in order, each normalised."""
    links = _Links()
    links.feed(page)
    links.close()
    return [target for link in links.hrefs if (target := _resolve(url, link))]


def normalise(url: str) -> str:
    """
    Normalise a URL: host, port, and which characters of the path are escaped.

    Raises:
        ValueError: it is not a URL.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(PLAIN_PORTS.get(parts.scheme, " "))
    path = "/".join(quote(unquote_to_bytes(part), safe=PLAIN) for part in parts.path.split("/"))
    return urlunsplit((parts.scheme, host, path, parts.query, ""))


def name_below(url: str, top: str) -> str:
    """Return a file's name inside a folder; a '/' within a part of it stays escaped."""
    parts = url.removeprefix(top).split("/")
    return "/".join(os.fsdecode(unquote_to_bytes(part)).replace("/", "%2F") for part in parts)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs += [value for name, value in attrs if name == "href" and value]


def _resolve(url: str, link: str) -> str | None:
    """Return the URL of a link; None if it has a query, as those that sort a listing, or `..`."""
    try:
        target = normalise(urldefrag(urljoin(url, link.strip())).url)
    except ValueError:
        return None
    is_climbing = any(part in (".", "..") for part in target.split("/"))
    return None if "?" in target or is_climbing else target
