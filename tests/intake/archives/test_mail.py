"""Mails, mailboxes and saved pages are read by their HTML or plain part."""

import base64
import quopri
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.archives.test_unpack import PAGE, outcomes, take

HEAD = (
    "From: Sund Press <news@sund.invalid>\nTo: desk@b.invalid\n"
    "Subject: =?utf-8?q?Ferry_votes=2C_caf=C3=A9s_open?=\nDate: Wed, 4 Mar 2026 10:00:00 +0000\n"
    "MIME-Version: 1.0\n"
)
STORY = "Ferry votes\n\nThe council of Café Quay voted on Tuesday for a night ferry.\n"


def mail(body: bytes, kind: str = "text/plain; charset=utf-8", coding: str = "8bit") -> bytes:
    head = f"{HEAD}Content-Type: {kind}\nContent-Transfer-Encoding: {coding}\n\n"
    return head.encode() + body


@pytest.mark.parametrize(
    ("coding", "encode"),
    [("8bit", bytes), ("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring)],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_mail_is_its_text_with_its_headers_as_facts(tmp_path: Path, coding, encode, end) -> None:
    raw = mail(encode(STORY.encode()), coding=coding).replace(b"\n", end)
    (tmp_path / "a.txt").write_bytes(raw)
    row = take(tmp_path)[0]["a.txt!message"]
    assert row["text"].replace("\r", "") == STORY
    assert (row["title"], row["outlet"]) == ("Ferry votes, cafés open", "Sund Press")
    assert row["published_at"] == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert row["title_source"] == "subject"


def test_the_charset_of_a_part_is_used(tmp_path: Path) -> None:
    raw = mail(
        base64.encodebytes("Да, это так.".encode("koi8-r")), "text/plain; charset=koi8-r", "base64"
    )
    (tmp_path / "a.eml").write_bytes(raw)
    row = take(tmp_path)[0]["a.eml!message"]
    assert (row["text"], row["encoding"]) == ("Да, это так.", "koi8-r")


def multipart(kind: str, *parts: tuple[str, bytes], is_whole: bool = True) -> bytes:
    body = b"".join(
        b"--B\nContent-Type: %s\nContent-Transfer-Encoding: base64\n\n%s\n"
        % (part.encode(), base64.encodebytes(raw))
        for part, raw in parts
    )
    return mail(body + b"--B--\n" * is_whole, f'multipart/{kind}; boundary="B"')


def test_the_html_part_is_preferred_and_attachments_are_not_read(tmp_path: Path) -> None:
    parts = ("text/plain", b"Read this online."), ("text/html", PAGE.encode())
    (tmp_path / "a.eml").write_bytes(multipart("alternative", *parts))
    (tmp_path / "b.eml").write_bytes(
        multipart("mixed", ("text/plain; charset=utf-8", STORY.encode()), ("image/png", b"\x89PNG"))
    )
    (tmp_path / "c.eml").write_bytes(multipart("mixed", ("image/png", b"\x89PNG")))
    rows, _ = take(tmp_path)
    assert rows["a.eml!message"]["raw"] == PAGE.encode()
    assert rows["a.eml!message"]["media_type"] == "html"
    assert rows["b.eml!message"]["text"] == STORY
    assert rows["c.eml!message"]["reason"] == "no_text"


def test_a_saved_page_has_its_address_and_no_sender(tmp_path: Path) -> None:
    raw = multipart("related", ("text/html", PAGE.encode()), ("image/png", b"\x89PNG"))
    raw = raw.replace(b"Sund Press <news@sund.invalid>", b"<Saved by Blink>")
    (tmp_path / "a.mhtml").write_bytes(b"Snapshot-Content-Location: https://x.invalid/s\n" + raw)
    row = take(tmp_path)[0]["a.mhtml!message"]
    assert (row["raw"], row["url"]) == (PAGE.encode(), "https://x.invalid/s")
    assert row["outlet"] == "Sund Press"  # what the page itself says
    assert row["fetched_at"] == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_a_mail_that_is_cut_off_is_flagged(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        multipart("mixed", ("text/plain; charset=utf-8", STORY.encode()), is_whole=False)
    )
    assert take(tmp_path)[0]["a.eml!message"]["flags"] == ["truncated"]


def test_a_mailbox_is_a_page_per_message(tmp_path: Path) -> None:
    line = b"From news@sund.invalid Wed Mar  4 10:00:00 2026\n"
    quoted = STORY.encode() + b"\n>From the quay it was quiet.\n"
    box = b"".join(line + mail(body) + b"\n" for body in (STORY.encode(), quoted, b"Third one."))
    (tmp_path / "a.mbox").write_bytes(box)
    rows, tally = take(tmp_path)
    assert tally.taken == 3
    assert "\nFrom the quay" in rows["a.mbox!2"]["text"]
    assert rows["a.mbox"]["media_type"] == "mbox"


@pytest.mark.parametrize(
    "text",
    [
        "Subject: the harbour\nIt was late on Friday when the ferry came.\n",
        "From: the press office\nSubject: A new ferry\nDate: 4 March 2026\n\nThe ferry is here.\n",
        "From here on Wed the road is shut until 2026\n\nThe council said so.\n",
        "Weather: fine\nWind: none\n\nThe ferry was on time.\n",
    ],
)
def test_a_text_that_resembles_a_mail_is_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert outcomes(take(tmp_path)[0]) == {"a.txt": "taken"}
