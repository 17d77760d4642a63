"""
List and fetch the objects of a store: names and facts first, then one object's bytes.

Knows nothing of inboxes. A store's library may raise anything at all, so what it raises is told
here in our own words; its message is not passed on, since it may quote a request.
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
CHUNK_BYTES = 8 * 2**20  # one request each, where a library reads by range
SIZES = ("size", "Size", "ContentLength")
TAGS = ("ETag", "etag", "e_tag", "md5Hash", "content_md5", "Content-MD5")
TIMES = ("mtime", "last_modified", "LastModified", "Last-Modified", "modified",
         "updated", "timeModified")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What a store says of an object; equal facts mean equal bytes.

    size: bytes, -1 where it is not told. modified_ns: since 1970 (UTC), 0 where it is not told.
    tag: its ETag or the like.
    """

    size: int
    modified_ns: int
    tag: str | None


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """
    An object of a store: its key there, and its facts when it was listed.

    is_regular: it is none of the things that are not read: links, pipes.
    """

    store: Store
    key: str
    facts: Facts
    is_regular: bool = True


def list_objects(store: Store) -> Iterator[tuple[str, RemoteObject]]:
    """
    Give every object below a store's folder with its name inside it, in the store's order.

    A folder in a bucket that holds no object is an empty one: buckets know no folders.
    Raises:
        StoreRefused: no such bucket or folder, or we may not list it.
        StoreSilent: it does not answer, or there is no such host.
    """
    files = _open(store)
    folder = files._strip_protocol(store.url).rstrip("/")
    try:
        for key, info in _find(files, folder):
            facts, kind = _facts_of(info), info.get("type")
            is_telling = facts.size >= 0 and (facts.modified_ns or facts.tag)
            if not is_telling and kind != "unreadable":
                facts = _ask_facts(files, key)
            name = info.get("inside") or key.removeprefix(folder).removeprefix("/")
            yield name, RemoteObject(store, key, facts, kind != "other")
    except Exception as exc:
        raise explain(store, exc) from None


def read_facts(found: RemoteObject) -> Facts:
    """
    Ask a store for an object's facts anew.

    Raises:
        StoreSilent: it does not answer. FileNotFoundError: it is gone. OSError: it may not be read.
    """
    facts: Facts = _ask(found, lambda files: _ask_facts(files, found.key))
    return facts


def fetch(found: RemoteObject, out: IO[bytes]) -> None:
    """
    Write an object's bytes to a file, at most a chunk more than its size; raises as `read_facts`.
    """

    def copy(files: Any) -> None:
        left = found.facts.size + 1  # one more, to meet an object that grew
        with files.open(found.key, "rb") as source:
            while left > 0 and (chunk := source.read(min(CHUNK_BYTES, left))):
                out.write(chunk)
                left -= len(chunk)

    _ask(found, copy)


def _find(files: Any, folder: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    arrow = getattr(files, "fs", None)
    if arrow is None:
        # not from a listing that fsspec keeps: an object that was changed must show
        files.invalidate_cache()
        found = files.find(folder, detail=True)
        if not found and not files.exists(folder):
            raise FileNotFoundError(folder)
        yield from found.items()
        return
    from pyarrow.fs import FileSelector, FileType

    (bucket,) = arrow.get_file_info([folder.split("/")[0]])
    if bucket.type is FileType.NotFound:
        raise FileNotFoundError(bucket.path)
    # one question for all: fsspec would ask folder by folder, and for a key with '//' for ever
    for entry in arrow.get_file_info(FileSelector(folder, allow_not_found=True, recursive=True)):
        if entry.type is FileType.File:
            yield entry.path, {"size": entry.size, "mtime": entry.mtime}


def _ask(found: RemoteObject, question: Any) -> Any:
    try:
        return question(_open(found.store))
    except (FileNotFoundError, StoreRefused, StoreSilent):
        raise
    except Exception as exc:
        if isinstance(exc, (ConnectionError, TimeoutError)) or SILENCE.search(str(exc)):
            raise StoreSilent(
                "store", found.store.url, "It stopped answering; try again later."
            ) from None
        raise OSError(f"{type(exc).__name__} while reading an object") from None


def _ask_facts(files: Any, key: str) -> Facts:
    facts = _facts_of(files.info(key))
    if facts.modified_ns or facts.tag:
        return facts
    try:
        return replace(facts, modified_ns=_date(files.modified(key)))
    except NotImplementedError:
        return facts  # then size alone tells a change


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


def _date(told: Any) -> int:
    """Give a time in any of the forms that libraries give it in (ns since 1970); 0 if unknown."""
    if isinstance(told, (int, float)):
        return int(told * 1_000_000_000)
    if isinstance(told, str):
        try:
            told = datetime.fromisoformat(told)
        except ValueError:
            try:
                told = parsedate_to_datetime(told)
            except ValueError:
                return 0
    if not isinstance(told, datetime):
        return 0
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return int(told.timestamp() * 1_000_000) * 1000
