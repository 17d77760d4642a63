"""The web: what a listing's links may say, who the server is, and who we are."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from include.errors import StoreRefused
from include.intake.inbox import remote
from include.intake.inbox.files import UNREADABLE
from include.intake.inbox.listing import list_files
from include.storage.locations import Store
from tests.remote.stores import HERE, PASSWORD, USER, Shop, later, open_store, serve

pytestmark = pytest.mark.remote


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a certificate of this machine, signed by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "copydesk tests")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, plain))
    return path


@pytest.fixture(scope="session")
def https(desk: Path, certificate: Path) -> Iterator[str]:
    with serve(HERE / "serve_web.py", desk, "", "", certificate) as told:
        yield f"https://127.0.0.1:{told['port']}"


def list_names(shop: Shop) -> list[str]:
    return [file.name for file in list_files(shop.place, 0.0, later()).files]


def write_listing(shop: Shop, *links: str) -> None:
    """Put a listing of our own where the server would write one."""
    body = "".join(f'<a href="{link}">x</a>\n' for link in links)
    shop.put("index.html", f"<html><body>{body}</body></html>".encode())


def test_https_is_read_where_its_certificate_is_trusted_and_only_there(
    https: str, certificate: Path, web: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.put("a.txt", b"Words.\n")
    place = Store(f"{https}/{web.folder.name}")
    with pytest.raises(StoreRefused, match="CERTIFICATE_VERIFY_FAILED"):
        list_files(place, 0.0, later())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    shop = {"extra": {"headers": {"X-Any": "thing"}}}  # another connection, and so opened anew
    assert len(list_files(open_store(place.url, shop), 0.0, later()).files) == 1


def test_links_that_sort_a_listing_or_lead_elsewhere_are_no_files(web: Shop) -> None:
    web.put("a.txt", b"Words.\n")
    web.put("deep/b.txt", b"Words.\n")
    write_listing(
        web, "?C=N;O=D", "a.txt", "a.txt#top", "../other.txt", "/etc/passwd", "deep/", "./",
        "%2e%2e/other.txt", "http://127.0.0.1:9/x.txt", "mailto:a@b.c", "javascript:x()", "http://[",
        f"{web.url}/deep/b.txt", "//127.0.0.1:9/y.txt",
    )  # fmt: skip
    assert list_names(web) == ["a.txt", "deep/b.txt"]


def test_a_broken_link_is_reported(web: Shop) -> None:
    web.put("a.txt", b"Words.\n")
    write_listing(web, "a.txt", "gone.txt", "gone/")
    listing = list_files(web.place, 0.0, later())
    assert [file.name for file in listing.files] == ["a.txt"]
    assert listing.waiting == (("gone.txt", UNREADABLE), ("gone/", UNREADABLE))


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("elsewhere", "SENT_ELSEWHERE"),
        ("circle", "SENT_IN_CIRCLES"),
        ("plain", "not an HTML listing"),
    ],
)
def test_an_answer_that_is_no_listing_or_leads_elsewhere_is_refused(
    web: Shop, folder: str, why: str
) -> None:
    place = open_store(f"{web.url.rpartition('/')[0]}/{folder}", web.connection)
    with pytest.raises(StoreRefused, match=why):
        list_files(place, 0.0, later())


def test_an_extra_that_is_not_known_is_named(web: Shop) -> None:
    told: dict[str, Any] = {**web.connection, "extra": {"verify": "hush"}}
    with pytest.raises(StoreRefused, match="verify") as refused:
        list_files(open_store(web.url, told), 0.0, later())
    assert "hush" not in str(refused.value)


def test_without_a_connection_the_homes_netrc_is_used(
    web: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.put("a.txt", b"Words.\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(StoreRefused, match="HTTP 401"):
        list_files(Store(web.url), 0.0, later())
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    (tmp_path / ".netrc").chmod(0o600)
    remote._open.cache_clear()
    assert len(list_files(Store(web.url), 0.0, later()).files) == 1
