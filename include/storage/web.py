"""
A web server's folders, as its listings tell them: what an inbox asks of a store. Reads only.

A listing is a page of HTML whose links lead below its own address; `python -m http.server`, nginx
and Apache write such ones. A link that leads out of the folder is none of ours, and an answer that
sends us elsewhere is followed on the same host only, so that neither our password nor our question
goes where nobody meant them to go.
"""

from __future__ import annotations

import logging
import netrc
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from include.errors import StoreRefused
from include.storage.web_listing import find_links, name_below, normalise

OPTIONS = frozenset({"username", "password", "headers"})
PATIENCE = httpx.Timeout(60.0, connect=10.0)
CHUNK_BYTES = 2**16
MOST_HOPS = 5
MOST_FOLDERS = 10_000  # of one inbox: a server may invent folders for ever
MOST_LISTING_BYTES = 64 * 2**20  # of one folder: some 500,000 names
PASSWORDS = "~/.netrc"
NO_HEAD = (405, 501)
GONE, SHUT, BUSY = (404, 410), (401, 403, 407), (408, 425, 429)

logging.getLogger("httpx").setLevel(logging.WARNING)  # or a line for each file, each minute


class WebFiles:
    """
    The folders of one web server.

    Raises, from each method: FileNotFoundError: 404, 410. PermissionError: it does not let us in,
    or its certificate is not to be trusted. ConnectionError: it does not answer, or is busy.
    OSError: any other answer than the one that was asked for.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        """Take a connection's options; without a user, `~/.netrc` says who we are."""
        if unknown := sorted(set(options) - OPTIONS):
            way_out = (
                f"Remove {', '.join(unknown)} from its connection's extra; the options of a web "
                f"server are {', '.join(sorted(OPTIONS))}."
            )
            raise StoreRefused("store", url, way_out)
        self._url = url
        headers = {"Accept-Encoding": "identity", **(options.get("headers") or {})}
        self._web = httpx.Client(
            auth=_find_login(urlsplit(url).hostname or "", options),
            headers=headers,
            timeout=PATIENCE,
        )
        weakref.finalize(self, self._web.close)

    def invalidate_cache(self) -> None:
        """Do nothing: no listing is kept."""

    def _strip_protocol(self, url: str) -> str:
        return normalise(url)

    def find(self, folder: str, detail: bool = True) -> dict[str, dict[str, Any]]:
        """
        Give the files below a folder, by URL, with their facts; `inside` is the name.

        A link that is broken or shut is `unreadable`.
        Raises:
            StoreRefused: what it answers is no listing.
        """
        top = folder.rstrip("/") + "/"
        found: dict[str, dict[str, Any]] = {}
        folders, known = [top], {top}
        while folders:
            here = folders.pop()
            try:
                links = self._list(here)
            except ConnectionError:
                raise
            except (OSError, StoreRefused):
                if here == top:
                    raise
                found[here] = {"type": "unreadable", "inside": name_below(here, top)}
                continue
            for url in links:
                if url in known or not url.startswith(top):
                    continue
                known.add(url)
                if url.endswith("/"):
                    folders.append(url)
                else:
                    found[url] = {**self._tell(url), "inside": name_below(url, top)}
            if len(known) - len(found) > MOST_FOLDERS:
                way_out = f"It lists more than {MOST_FOLDERS:,} folders: name one further down."
                raise StoreRefused("store", self._url, way_out)
        return found

    def exists(self, folder: str) -> bool:
        """Say yes: `find` raises where a folder is missing."""
        return True

    def info(self, url: str) -> dict[str, Any]:
        """Give a file's facts: size, time, ETag, as far as the server tells them."""
        with self._ask("HEAD", url) as answer:
            told = answer.headers
            size = told.get("Content-Length", "")
            return {
                "type": "file",
                "size": int(size) if size.isascii() and size.isdigit() else None,
                "Last-Modified": told.get("Last-Modified"),
                "ETag": told.get("ETag"),
            }

    @contextmanager
    def open(self, url: str, mode: str = "rb") -> Iterator[_Body]:
        """Open a file for reading, from its first byte to its last."""
        with self._ask("GET", url) as answer:
            yield _Body(answer)

    def _tell(self, url: str) -> dict[str, Any]:
        try:
            return self.info(url)
        except ConnectionError:
            raise
        except OSError:
            return {"type": "unreadable"}

    def _list(self, url: str) -> list[str]:
        """Give where a listing's links lead, in its order."""
        with self._ask("GET", url) as answer:
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind not in ("text/html", "application/xhtml+xml"):
                way_out = "Its answer is not an HTML listing: check the URL."
                raise StoreRefused("store", self._url, way_out)
            text = bytearray()
            for chunk in answer.iter_bytes(CHUNK_BYTES):
                text += chunk
                if len(text) > MOST_LISTING_BYTES:
                    way_out = "Its listing is larger than 64 MiB: name a folder further down."
                    raise StoreRefused("store", self._url, way_out)
        return find_links(url, text.decode(answer.encoding or "utf-8", "replace"))

    @contextmanager
    def _ask(self, method: str, url: str) -> Iterator[httpx.Response]:
        try:
            answer = self._follow(self._web.build_request(method, url))
            if method == "HEAD" and answer.status_code in NO_HEAD:
                answer.close()
                answer = self._follow(self._web.build_request("GET", url))
            try:
                _check(answer.status_code)
                yield answer
            finally:
                answer.close()
        except httpx.HTTPError as exc:
            if "CERTIFICATE_VERIFY" in str(exc):
                raise PermissionError("CERTIFICATE_VERIFY_FAILED") from None
            raise ConnectionError(type(exc).__name__) from None

    def _follow(self, question: httpx.Request) -> httpx.Response:
        asked = question.url
        for _ in range(MOST_HOPS):
            answer = self._web.send(question, stream=True, follow_redirects=False)
            if answer.next_request is None:
                return answer
            answer.close()
            question = answer.next_request
            if not _is_same_host(asked, question.url):
                raise PermissionError("SENT_ELSEWHERE")
        raise PermissionError("SENT_IN_CIRCLES")


class _Body:
    """An answer's bytes as they are sent, without undoing any coding."""

    def __init__(self, answer: httpx.Response) -> None:
        self._chunks = answer.iter_raw(CHUNK_BYTES)

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, a chunk at most, whatever was asked for; none at the end."""
        return next(self._chunks, b"")


def _find_login(host: str, options: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give user and password: the connection's, else those of `~/.netrc` for this very host."""
    if user := options.get("username"):
        return user, options.get("password") or ""
    path = Path(PASSWORDS).expanduser()
    try:
        told = netrc.netrc(path).hosts.get(host) if path.exists() else None
    except (netrc.NetrcParseError, OSError):
        return None
    return (told[0], told[2] or "") if told else None


def _is_same_host(asked: httpx.URL, told: httpx.URL) -> bool:
    if (asked.scheme, asked.host, asked.port) == (told.scheme, told.host, told.port):
        return True
    return (asked.scheme, told.scheme) == ("http", "https") and asked.host == told.host


def _check(status: int) -> None:
    if 200 <= status < 300:
        return
    problem = f"HTTP {status}"
    if status in GONE:
        raise FileNotFoundError(problem)
    if status in SHUT:
        raise PermissionError(problem)
    raise ConnectionError(problem) if status >= 500 or status in BUSY else OSError(problem)
