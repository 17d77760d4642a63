"""
List the objects of a store with their attributes, and fetch one object's bytes.

Knows nothing of inboxes. A store's library may raise anything, so errors are translated here; the
library's message is not passed on, since it may quote a request with credentials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import IO, Any

from include.errors import StoreRefused, StoreSilent
from include.storage.locations import Store, explain, open_filesystem

SILENCE = re.compile(
    r"NETWORK_CONNECTION|SLOW_DOWN|UNAVAILABLE|[Tt]imeout|[Tt]imed out|"
    r"curlCode|CURL error|ServerBusy|Fail to get a new connection"
)
CHUNK_BYTES = 8 * 2**20  # one request each if the library reads by range
SIZES = ("size", "Size", "ContentLength")
TAGS = ("ETag", "etag", "e_tag", "md5Hash", "content_md5", "Content-MD5")
TIMES = ("mtime", "last_modified", "LastModified", "Last-Modified", "modified",
         "updated", "timeModified")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """
    An object's attributes; equal attributes mean equal bytes.

    size: bytes, -1 if unknown. modified_ns: since 1970 (UTC), 0 if unknown. tag: ETag or similar.
    """

    size: int
    modified_ns: int
    tag: str | None


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """
    An object of a store: its key, and its attributes when it was listed.

    is_regular: false for links and pipes, which are not read.
    """

    store: Store
    key: str
    facts: Facts
    is_regular: bool = True


def list_objects(store: Store) -> Iterator[tuple[str, RemoteObject]]:
    """
    Iterate over all objects below a store's folder, with their relative names, in its order.

    A folder without objects in a bucket counts as empty: buckets have no folders.
    Raises:
        StoreRefused: the bucket or folder does not exist, or may not be listed.
        StoreSilent: the store does not answer, or the host does not exist.
    """
    files = _open(store)
    folder = files._strip_protocol(store.url).rstrip("/")
    try:
        for key, info in _find(files, folder):
            facts, kind = _facts_of(info), info.get("type")
            is_complete = facts.size >= 0 and (facts.modified_ns or facts.tag)
            if not is_complete and kind != "unreadable":
                facts = _ask_facts(files, key)
            name = info.get("inside") or key.removeprefix(folder).removeprefix("/")
            yield name, RemoteObject(store, key, facts, kind != "other")
    except Exception as exc:
        raise explain(store, exc) from None


def read_facts(found: RemoteObject) -> Facts:
    """
    Request an object's current attributes.

    Raises:
        StoreSilent: no answer. FileNotFoundError: it is gone. OSError: it may not be read.
    """
    facts: Facts = _request(found, lambda files: _ask_facts(files, found.key))
    return facts


def fetch(found: RemoteObject, out: IO[bytes]) -> None:
    """
    Copy an object's bytes to a file, at most one more than its listed size; raises as `read_facts`.
    """

    def copy(files: Any) -> None:
        left = found.facts.size + 1  # one more, to detect an object that grew
        with files.open(found.key, "rb") as source:
            while left > 0 and (chunk := source.read(min(CHUNK_BYTES, left))):
                out.write(chunk)
                left -= len(chunk)

    _request(found, copy)


def _find(files: Any, folder: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    arrow = getattr(files, "fs", None)
    if arrow is None:
        # fsspec caches listings, which would hide a changed object
        files.invalidate_cache()
        objects = files.find(folder, detail=True)
        if not objects and not files.exists(folder):
            raise FileNotFoundError(folder)
        yield from objects.items()
        return
    from pyarrow.fs import FileSelector, FileType

    (bucket,) = arrow.get_file_info([folder.split("/")[0]])
    if bucket.type is FileType.NotFound:
        raise FileNotFoundError(bucket.path)
    # one recursive request: fsspec would list folder by folder, and loop on a key with '//'
    for entry in arrow.get_file_info(FileSelector(folder, allow_not_found=True, recursive=True)):
        if entry.type is FileType.File:
            yield entry.path, {"size": entry.size, "mtime": entry.mtime}


def _request(item: RemoteObject, call: Any) -> Any:
    try:
        return call(_open(item.store))
    except (FileNotFoundError, StoreRefused, StoreSilent):
        raise
    except Exception as exc:
        if isinstance(exc, (ConnectionError, TimeoutError)) or SILENCE.search(str(exc)):
            raise StoreSilent(
                "store", item.store.url, "It stopped responding. Try again later."
            ) from None
        raise OSError(f"{type(exc).__name__} while reading an object") from None


def _ask_facts(files: Any, key: str) -> Facts:
    facts = _facts_of(files.info(key))
    if facts.modified_ns or facts.tag:
        return facts
    try:
        return replace(facts, modified_ns=_date(files.modified(key)))
    except NotImplementedError:
        return facts  # only the size can show a change then


@lru_cache(maxsize=16)
def _open(store: Store) -> Any:
    return open_filesystem(store)


def _facts_of(info: Mapping[str, Any]) -> Facts:
    size = _first(info, SIZES)
    tag = _first(info, TAGS)
    time = _date(_first(info, TIMES))
    return Facts(-1 if size is None else int(size), time, None if tag is None else str(tag))


def _first(info: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((info[name] for name in names if info.get(name) is not None), None)


def _date(value: Any) -> int:
    """Convert a time in any form that libraries use to ns since 1970; 0 if unknown."""
    if isinstance(value, (int, float)):
        return int(value * 1_000_000_000)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            try:
                value = parsedate_to_datetime(value)
            except ValueError:
                return 0
    if not isinstance(value, datetime):
        return 0
    value = value if value.tzinfo else value.replace(tzinfo=UTC)
    return int(value.timestamp() * 1_000_000) * 1000
