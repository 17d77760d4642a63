"""
Read the folders of a web server from its listings, with the methods of fsspec that an inbox needs.

A listing is an HTML page with links to what is in the folder, such as `python -m http.server`,
nginx and Apache write. Links that lead out of the folder are ignored, and redirects are followed on
the same host only, so that neither password nor request goes to another.
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
MOST_FOLDERS = 10_000  # of one inbox: a server may generate folders without end
MOST_LISTING_BYTES = 64 * 2**20  # of one folder: some 500,000 names
PASSWORDS = "~/.netrc"
NO_HEAD = (405, 501)
GONE, SHUT, BUSY = (404, 410), (401, 403, 407), (408, 425, 429)

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs a line for each request


class WebFiles:
    """
    The folders of one web server.

    Every method may raise FileNotFoundError: 404, 410; PermissionError: access is denied, or the
    certificate is not trusted; ConnectionError: the server does not answer, or is busy; OSError:
    any other answer than a successful one.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        """Check a connection's options; if they have no user, the login comes from `~/.netrc`."""
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
        """Do nothing: listings are not cached."""

    def _strip_protocol(self, url: str) -> str:
        return normalise(url)

    def find(self, folder: str, detail: bool = True) -> dict[str, dict[str, Any]]:
        """
        List the files below a folder, by URL, as `info` describes them; `inside` is their name.

        The `type` of a broken link, and of one to which access is denied, is `unreadable`.
        Raises:
            StoreRefused: the answer is not a listing.
        """
        top = folder.rstrip("/") + "/"
        files: dict[str, dict[str, Any]] = {}
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
                files[here] = {"type": "unreadable", "inside": name_below(here, top)}
                continue
            for url in links:
                if url in known or not url.startswith(top):
                    continue
                known.add(url)
                if url.endswith("/"):
                    folders.append(url)
                else:
                    files[url] = {**self._describe(url), "inside": name_below(url, top)}
            if len(known) - len(files) > MOST_FOLDERS:
                way_out = f"It lists more than {MOST_FOLDERS:,} folders: name one further down."
                raise StoreRefused("store", self._url, way_out)
        return files

    def exists(self, folder: str) -> bool:
        """Return True: `find` raises if the folder does not exist."""
        return True

    def info(self, url: str) -> dict[str, Any]:
        """Return size, time and ETag of a file, as far as the server states them."""
        with self._ask("HEAD", url) as answer:
            headers = answer.headers
            size = headers.get("Content-Length", "")
            return {
                "type": "file",
                "size": int(size) if size.isascii() and size.isdigit() else None,
                "Last-Modified": headers.get("Last-Modified"),
                "ETag": headers.get("ETag"),
            }

    @contextmanager
    def open(self, url: str, mode: str = "rb") -> Iterator[_Body]:
        """Open a file for sequential reading."""
        with self._ask("GET", url) as answer:
            yield _Body(answer)

    def _describe(self, url: str) -> dict[str, Any]:
        try:
            return self.info(url)
        except ConnectionError:
            raise
        except OSError:
            return {"type": "unreadable"}

    def _list(self, url: str) -> list[str]:
        """Return the URLs of a listing's links, in order."""
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

    def _follow(self, request: httpx.Request) -> httpx.Response:
        asked = request.url
        for _ in range(MOST_HOPS):
            answer = self._web.send(request, stream=True, follow_redirects=False)
            if answer.next_request is None:
                return answer
            answer.close()
            request = answer.next_request
            if not _is_same_host(asked, request.url):
                raise PermissionError("SENT_ELSEWHERE")
        raise PermissionError("SENT_IN_CIRCLES")


class _Body:
    """The bytes of an answer as sent, without decoding any content encoding."""

    def __init__(self, answer: httpx.Response) -> None:
        self._chunks = answer.iter_raw(CHUNK_BYTES)

    def read(self, size: int = -1) -> bytes:
        """Return the next chunk, whatever the size asked for; empty at the end."""
        return next(self._chunks, b"")


def _find_login(host: str, options: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return user and password: the connection's, else those of `~/.netrc` for this host."""
    if user := options.get("username"):
        return user, options.get("password") or ""
    path = Path(PASSWORDS).expanduser()
    try:
        login = netrc.netrc(path).hosts.get(host) if path.exists() else None
    except (netrc.NetrcParseError, OSError):
        return None
    return (login[0], login[2] or "") if login else None


def _is_same_host(asked: httpx.URL, target: httpx.URL) -> bool:
    if (asked.scheme, asked.host, asked.port) == (target.scheme, target.host, target.port):
        return True
    return (asked.scheme, target.scheme) == ("http", "https") and asked.host == target.host


def _check(status: int) -> None:
    if 200 <= status < 300:
        return
    problem = f"HTTP {status}"
    if status in GONE:
        raise FileNotFoundError(problem)
    if status in SHUT:
        raise PermissionError(problem)
    raise ConnectionError(problem) if status >= 500 or status in BUSY else OSError(problem)
