from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from include.intake.decoding.decode import decode_text
from include.intake.decoding.sniff import find_markup
from include.intake.inbox.listing import escape_name, unescape_name

LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1)
PROSE = st.lists(LETTERS, min_size=1).map(" ".join)
BYTES = st.one_of(
    st.binary(),
    st.binary(min_size=64, max_size=512),
    st.builds(bytes.__add__, st.sampled_from([b"\xff\xfe", b"\xef\xbb\xbf"]), st.binary()),
    st.builds(str.encode, PROSE, st.sampled_from(["utf-16-le", "utf-32-be", "utf-8"])),
)


@given(BYTES)
@example(b"\xed\xa0\xbd\xed\xb8\x80")
@example(b"\xff\xfe\x00\xd8")
@settings(deadline=None)
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    page = decode_text(raw)
    assert (page.text is None) == (page.encoding is None) == (page.reason is not None)
    if page.text is None:
        return
    page.text.encode("utf-8")
    assert "\0" not in page.text
    assert page.text == raw.decode(page.encoding, "replace").replace("\0", "\ufffd")
    assert 0 <= page.replaced_chars <= page.text.count("\ufffd")


@given(PROSE)
@settings(deadline=None)
def test_utf8_text_comes_back_as_it_was(text: str) -> None:
    page = decode_text(text.encode())
    if find_markup(text) is None and page.reason != "whitespace_only":
        assert (page.text, page.encoding, page.replaced_chars) == (text, "utf-8", 0)


@given(st.binary(max_size=64))
def test_the_same_bytes_give_the_same_page(raw: bytes) -> None:
    assert decode_text(raw) == decode_text(bytes(raw))


@given(st.integers(0, 10**6), st.integers(512, 4096))
@settings(deadline=None)
def test_random_bytes_are_never_text(seed: int, size: int) -> None:
    assert decode_text(Random(seed).randbytes(size)).reason is not None


@given(
    st.text(
        st.characters(
            min_codepoint=1,
            exclude_characters="/",
            max_codepoint=0x10FFFF,
            exclude_categories=["Cs"],
        ),
        min_size=1,
    )
)
def test_names_come_back_from_their_escape(name: str) -> None:
    assert unescape_name(escape_name(name)) == name


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_names_of_any_bytes_fit_into_utf8(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    escape_name(name).encode("utf-8")
    assert unescape_name(escape_name(name)) == name


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x00\x00"])
def test_a_mark_alone_is_an_empty_page(raw: bytes) -> None:
    assert decode_text(raw).reason == "empty"
