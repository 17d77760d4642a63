import time

import pytest

from include.intake.decoding.decode import decode_text
from include.intake.decoding.sniff import find_markup
from tests.intake.decoding.single_byte_samples import SAMPLES

PAIRS = [
    pytest.param(codec, text, id=f"{lang}-{codec}")
    for lang, (codecs, text) in SAMPLES.items()
    for codec in codecs
]
WORDS = "The harbour council voted on Tuesday to allow a night ferry. "


@pytest.mark.parametrize(("codec", "text"), PAIRS)
def test_one_sentence_is_enough_to_detect_a_legacy_encoding(codec: str, text: str) -> None:
    raw = text.encode(codec, "ignore")  # a page leaves out what its encoding cannot hold
    page = decode_text(raw)
    assert page.text == raw.decode(codec)
    assert page.flags == ("guessed_encoding",)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_with_a_mark_begins_after_it(mark: bytes) -> None:
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    page = decode_text(mark + WORDS.encode(codec))
    assert (page.text, page.encoding) == (WORDS, "utf-16")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("lang", ["en", "ru", "el", "ar", "th"])
def test_wide_unicode_without_a_mark_is_detected_by_its_nuls(codec: str, lang: str) -> None:
    text = SAMPLES[lang][1] + "\n"
    page = decode_text(text.encode(codec))
    assert (page.text, page.encoding) == (text, codec)


def test_chinese_utf16_without_a_mark_is_detected_by_its_line_ends() -> None:
    text = (SAMPLES["zh"][1] + "\n") * 4
    assert decode_text(text.encode("utf-16-le")).text == text


def test_16_bit_numbers_are_not_utf16() -> None:
    raw = b"".join((value * 7 % 500).to_bytes(2, "little") for value in range(5000))
    assert decode_text(raw).reason == "binary"


def test_nuls_become_one_replacement_each_and_are_counted() -> None:
    page = decode_text((WORDS + "\0ferry\0").encode())
    assert page.text == WORDS + "\ufffdferry\ufffd"
    assert (page.replaced_chars, page.flags) == (2, ("nul_chars",))


def test_a_tail_of_nuls_is_binary() -> None:
    assert decode_text(WORDS.encode() + bytes(4096)).reason == "binary"


def test_a_few_bad_bytes_do_not_turn_utf8_into_cp1252() -> None:
    page = decode_text(("“Why?” asked Zoë. " * 3).encode() + b"\xff" + WORDS.encode())
    assert page.encoding == "utf-8"
    assert "“Why?” asked Zoë. \ufffdThe" in page.text


def test_one_accent_in_ascii_is_cp1252_not_a_bad_byte() -> None:
    page = decode_text(WORDS.encode() + "at the café".encode("cp1252"))
    assert (page.text[-4:], page.encoding) == ("café", "cp1252")


@pytest.mark.parametrize(
    "tail", ["£11.99", "caf\u00e9", "\u2022 News", "\u00a9 2025", "40 \u00b0C", "\u2014"]
)
def test_one_sign_in_ascii_is_read_as_cp1252(tail: str) -> None:
    page = decode_text((WORDS + tail).encode("cp1252"))
    assert page.text == WORDS + tail


def test_a_byte_no_encoding_knows_in_a_long_ascii_page_is_replaced() -> None:
    page = decode_text(WORDS.encode() * 5 + b"\x81")
    assert (page.encoding, page.replaced_chars) == ("utf-8", 1)


def test_a_replacement_character_of_the_source_is_not_counted() -> None:
    page = decode_text(f"{WORDS}\ufffd".encode())
    assert (page.replaced_chars, page.flags) == (0, ("already_replaced",))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"GIF89a\x01\x00\x01\x00\x80", "gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x28\xb5\x2f\xfd\x24", "zstd"),
        (b"BZh91AY&SY\x00", "bzip2"),
        (b"\xfd7zXZ\x00\x00", "xz"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7z"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"\x7fELF\x02\x01", "elf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"SQLite format 3\x00\x10", "sqlite"),
        (b"PAR1\x15\x04\x15\x00", "parquet"),
        (b"\x00\x00\x00\x18ftypmp42", "mp4"),
        (b"file.txt".ljust(257, b"\x00") + b"ustar\x0000", "tar"),
    ],
)
def test_a_binary_format_is_named(head: bytes, name: str) -> None:
    assert decode_text(head + WORDS.encode()).reason == f"binary:{name}"


@pytest.mark.parametrize(
    "head", ["GIF89a is an old format. ", "BZh is a river. ", "PAR1 is a team. ", "MZ "]
)
def test_letters_that_begin_a_binary_format_are_text(head: str) -> None:
    assert decode_text((head + WORDS).encode()).text == head + WORDS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!-- a --> <!-- b -->\n<!DOCTYPE html><p>x", "html"),
        ("  <HTML lang='en'>\n" + WORDS, "html"),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "html"),
        (f"<div><p>{WORDS}</p>\n<p>{WORDS}</p></div>", "html"),
        (f"<p class='a'>{WORDS * 5}</p>\n" * 9, "html"),
        ('<?xml version="1.0"?><rss><channel>', "xml"),
        ('{"headline": "Ferry", "body": "cut off he', "json"),
        ('[{"a": 1}, {"a": 2}]', "json"),
        ('["one", "two"]\n', "json"),
        ('{"a": 1}\n{"a": 2}\n', "json"),
        ("\u200b\u3164 \u00a0\ufe0f\u2800", "whitespace_only"),
        (WORDS + "<b>now</b> <br> and &amp; then", None),
        ("[12] A footnote stands here.", None),
        ("[12]\n" + WORDS, None),
        ("{note} " + WORDS, None),
        ("2024", None),
        (f"How <html> and <p> are written\n\n{WORDS * 9}<p>", None),
    ],
)
def test_markup_and_json_are_detected_by_structure(text: str, reason: str | None) -> None:
    page = decode_text(text.encode())
    assert (page.reason or find_markup(page.text)) == reason
    if reason is None:
        assert decode_text(text.encode("utf-16")).text == text


@pytest.mark.parametrize(
    ("text", "is_flagged"),
    [
        ("It was â€œall rightâ€\u009d, she said.", True),
        ("Der BÃ¼rger fÃ¼r ZÃ¼rich", True),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð²ÑÐµÐ¼", True),
        ("РџСЂРёРІРµС‚", True),
        ("NÃO HÁ SÃO PAULO", False),
        ("Ângela foi à praia, «â» é uma letra.", False),
        ("РОССИЯ И СССР", False),
        ("Æ Ð Þ á Íslandi, ðað", False),
    ],
)
def test_mojibake_is_flagged_and_kept(text: str, is_flagged: bool) -> None:
    page = decode_text(text.encode())
    assert page.text == text
    assert ("mojibake" in page.flags) is is_flagged


@pytest.mark.parametrize(
    "unit",
    [
        b"<!---->",
        b"<a ",
        b"{",
        b"[",
        b"&",
        b" ",
        b"\xe9",
        b"\xd6\xd0",
        b"\xc3\x28",
        b"a\x00",
        b"\xc3\x83\xc2",
    ],
    ids=repr,
)
def test_no_repeated_bytes_cost_more_than_linear_time(unit: bytes) -> None:
    raw = unit * (2 * 2**20 // len(unit))
    began = time.process_time()
    page = decode_text(raw)
    if page.text:
        find_markup(page.text)
    assert time.process_time() - began < 4  # measured: under 0.2 s; a quadratic step takes minutes
