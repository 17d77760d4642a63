"""
Locations of files: a local folder, or a folder in an object store or on a server, given as a URL.

Opens file systems, but neither lists nor reads. Arrow, which is installed anyway, is the client for
S3, GCS and Azure (s3fs would hold back other packages, obstore fails on keys with '//'). SFTP and
the web have clients of our own (fsspec's trust every host key, and take the links that sort a
listing for files). Other protocols of fsspec need the library that fsspec names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.errors import SettingInvalid, StoreRefused, StoreSilent

SURROGATES = re.compile("[\ud800-\udfff]")
UNTYPED = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that stand for no byte
IS_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
LAKES = ("s3", "s3a", "gs", "gcs")  # where a lake can be: Arrow finds their credentials by itself
BUCKETS = (*LAKES, "abfs", "abfss", "az")
SERVERS = ("sftp", "ssh", "http", "https")
CODES = re.compile(
    r"<Code>([A-Za-z]{1,60})</Code>|AWS Error ([A-Z_]{1,60})|Azure Error: \[([A-Za-z]{1,60})\]|"
    r"google::cloud::Status\(([A-Z_]{1,60})|^(HTTP \d{3})$|^([A-Z_]{4,60})$"
)
REFUSALS = re.compile(
    r"\b(?:301|400|401|403|404)\b|ACCESS_DENIED|NO_SUCH_BUCKET|INVALID_ACCESS|SIGNATURE|"
    r"PERMISSION_DENIED|UNAUTHENTICATED|"
    r"privileges|[Cc]redential|[Aa]uthenticat|[Uu]nauthorized|[Ff]orbidden"
)
ODD_OPTION = re.compile(r"unexpected keyword argument '(\w{1,60})'")
S3_NAMES = {  # deltalake's names of options, and Arrow's
    "aws_access_key_id": "access_key",
    "aws_secret_access_key": "secret_key",
    "aws_session_token": "session_token",
    "aws_region": "region",
    "aws_endpoint": "endpoint_override",
}
PATIENCE_S = {"connect_timeout": 10, "request_timeout": 60}
RETRIES_S = 60  # for GCS; its library's default of 15 minutes exceeds a task's timeout


@dataclass(frozen=True)
class Store:
    """
    A folder in an object store or on a server.

    url: has no trailing '/', and no user, password or token, so it may be shown and stored.
    options: credentials and the like, never shown: for S3 deltalake's (`aws_access_key_id` …), for
    GCS and Azure Arrow's, for SFTP and the web those of `ssh` and `web`, else fsspec's. They can be
    empty if the usual environment variables are set.
    """

    url: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def __str__(self) -> str:
        """Return the URL."""
        return self.url

    @property
    def protocol(self) -> str:
        """The part of the URL before `://`."""
        return self.url.partition("://")[0]


@dataclass(frozen=True)
class LakeStore(Store):
    """A lake in an object store. lock: the local folder of the lock that its writers hold."""

    lock: Path = Path()


Place = Path | Store  # of an inbox
Root = Path | LakeStore  # of a lake


def address(place: Place | Root, *names: str) -> str:
    """Return the URI of a place, or of a file in it."""
    url = place.as_uri() if isinstance(place, Path) else place.url
    return "/".join((url, *names))


def is_url(text: str) -> bool:
    """Say whether a text is a URL, not a path."""
    return bool(IS_URL.match(text.strip()))


def is_text(text: str) -> bool:
    """Say whether tables and JSON can contain a text: arguments and file names may not be UTF-8."""
    return not SURROGATES.search(text)


def to_bytes(text: str) -> bytes:
    """Return the bytes of a text that is not UTF-8, for errors to show."""
    return text.encode("utf-8", "surrogatepass" if UNTYPED.search(text) else "surrogateescape")


def check_text(thing: str, text: str) -> str:
    """
    Return the text.

    Raises:
        SettingInvalid: it is not UTF-8.
    """
    if not is_text(text):
        way_out = (
            "It is not UTF-8, so no table can hold it: rename the folder, or use a symbolic link."
        )
        raise SettingInvalid(thing, to_bytes(text), way_out)
    return text


def parse_url(thing: str, text: str) -> Store:
    """
    Read a URL that a person wrote.

    Raises:
        SettingInvalid: it is not a URL, or has a user, a password or a token: URLs are shown, and
            stored in the lake and elsewhere.
    """
    parts = urlsplit(text.strip())
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    is_secret = parts.password is not None or parts.query or parts.fragment
    if is_secret or parts.username is not None:
        way_out = (
            "URLs are shown and stored: put user, password and token into an Airflow connection or "
            "the environment, and give the URL without them."
        )
        raise SettingInvalid(thing, shown, way_out)
    if not is_url(text) or not (parts.netloc or parts.path.strip("/")):
        raise SettingInvalid(thing, shown, "Give a folder, or a URL such as s3://bucket/folder.")
    return Store(text.strip().rstrip("/"))


def open_filesystem(store: Store) -> Any:
    """
    Return the fsspec file system of a store; the store is not contacted yet.

    Raises:
        StoreRefused: its library is not installed, or does not accept its options.
    """
    try:
        if store.protocol in BUCKETS:
            return _wrap_arrow(store.protocol, _open_arrow(store))
        if store.protocol in SERVERS:
            return _open_server(store)
        import fsspec

        return fsspec.filesystem(store.protocol, **store.options)
    except ImportError as exc:
        missing = exc.name or getattr(exc.__cause__, "name", None) or "what fsspec asks for"
        way_out = f"Install {missing}, which {store.protocol}:// needs (docs/deployment.md)."
        raise StoreRefused("store", store.url, way_out) from exc
    except (TypeError, ValueError) as exc:
        odd = ODD_OPTION.search(str(exc))
        way_out = (
            f"Remove {odd[1]} from its connection's extra: {store.protocol}:// has no such option."
            if odd
            else "Its protocol or one of its options is unknown: check its URL and its connection."
        )
        raise StoreRefused("store", store.url, way_out) from None  # it may quote an option's value


def explain(store: Store, problem: BaseException) -> StoreRefused | StoreSilent:
    """
    Return our error for what a store's library raised; raise it `from None`.

    The library's message quotes the server, which may quote our request, so only an error code is
    used.
    """
    if isinstance(problem, (StoreRefused, StoreSilent)):
        return problem
    message = str(problem)
    match = CODES.search(message)
    code = next(filter(None, match.groups())) if match else type(problem).__name__
    is_missing = isinstance(problem, FileNotFoundError)
    if is_missing or isinstance(problem, PermissionError) or REFUSALS.search(message):
        way_out = (
            f"It denied access, or has no such folder ({code}): check the URL, and the credentials "
            "in its Airflow connection or the environment."
        )
        return StoreRefused("store", store.url, way_out)
    way_out = f"Try again later ({code}), and check the URL if this persists."
    return StoreSilent("store", store.url, way_out)


def _wrap_arrow(name: str, arrow: Any) -> Any:
    """Wrap an Arrow file system as one of fsspec, for URLs of a protocol."""
    from fsspec.implementations.arrow import ArrowFSWrapper

    class ArrowStore(ArrowFSWrapper):  # type: ignore[misc]
        protocol = name

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.removeprefix(f"{name}://").rstrip("/")

    return ArrowStore(arrow, skip_instance_cache=True)


def _open_server(store: Store) -> Any:
    if store.protocol in ("http", "https"):
        from include.storage.web import WebFiles

        return WebFiles(store.url, store.options)
    from include.storage.sftp import SftpFiles

    return SftpFiles(store.url, store.options)


def _open_arrow(store: Store) -> Any:
    from pyarrow import fs

    options: dict[str, Any] = dict(store.options)
    if store.protocol in ("s3", "s3a"):
        if not options:  # otherwise Arrow ignores AWS_ENDPOINT_URL and the bucket's region
            bucket = store.url.split("/")[2]
            return fs.FileSystem.from_uri(f"s3://{bucket}")[0]
        is_plain = options.pop("allow_http", "").lower() in ("1", "true")
        renamed = {S3_NAMES.get(name, name): text for name, text in options.items()}
        if is_plain:
            renamed["scheme"] = "http"
        return fs.S3FileSystem(**{**PATIENCE_S, **renamed})
    if store.protocol in ("gs", "gcs"):
        # a connection's extra is JSON, which has no type for times
        if ends := options.get("credential_token_expiration"):
            options["credential_token_expiration"] = datetime.fromisoformat(ends)
        patience = timedelta(seconds=float(options.pop("retry_time_limit", RETRIES_S)))
        return fs.GcsFileSystem(retry_time_limit=patience, **options)
    if not options.get("account_name"):
        way_out = "Give it an Airflow connection with the account as login and the key as password."
        raise StoreRefused("store", store.url, way_out)
    return fs.AzureFileSystem(**options)
