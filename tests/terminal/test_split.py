"""`split`: every file is split, or refused with the line and the reason; never a traceback."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.__main__ import main
from tests.splitter.conservation import assert_partition
from tests.splitter.test_laws import pages as news_pages

GOOD = b'{"doc_id": "a", "text": "A headline\\n\\nSome words of a body."}\n'
REFUSED = {
    b'{"doc_id": "a"}': '"text" is missing',
    b'{"text": "b"}': '"doc_id" is missing',
    b'{"doc_id": null, "text": "b"}': '"doc_id"',
    b'{"doc_id": true, "text": "b"}': '"doc_id"',
    b'{"doc_id": NaN, "text": "b"}': '"doc_id"',
    b'{"doc_id": 1.5, "text": "b"}': '"doc_id"',
    b'{"doc_id": ["a"], "text": "b"}': '"doc_id"',
    b'{"doc_id": {}, "text": "b"}': '"doc_id"',
    b'{"doc_id": "a", "text": null}': '"text"',
    b'{"doc_id": "a", "text": 5}': '"text"',
    b'{"doc_id": "a", "text": ["b"]}': '"text"',
    b'{"doc_id": "a", "text": {"b": "c"}}': '"text"',
    b'{"doc_id": "a", "text": false}': '"text"',
    b"[1, 2]": "not an object",
    b'"doc_id"': "not an object",
    b"5": "not an object",
    b"null": "not an object",
    b"NaN": "not an object",
    b"{": "not JSON",
    b"no JSON": "not JSON",
    b"\x00": "not JSON",
    b'{"doc_id": "a", "text": "b\x00"}': "not JSON",
    b'{"doc_id": "a", "text": "b"} {"doc_id": "a", "text": "b"}': "not JSON",
    b'{"doc_id": "a", "text": "\xff"}': "Byte 26 is not UTF-8",
    b'{"doc_id": "a", "text": "\xed\xa0\x80"}': "is not UTF-8",
    b'\xff\xfe{\x00"\x00': "is not UTF-8",
    b'{"doc_id": ' + b"9" * 5000 + b', "text": "b"}': "number that is too long",
    b'{"doc_id": "a", "text": "b", "x": ' + b"9" * 5000 + b"}": "number that is too long",
    b'{"doc_id": "a", "text": "b", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}": "too deeply",
    b'{"doc_id": "a", "text": ' + b'{"a":' * 200_000: "too deeply",
    b"[" * 200_000: "too deeply",
}


def split(folder: Path, raw: bytes) -> tuple[int, list[dict[str, object]] | None]:
    """Run the command; return its exit code and the lines written, if any."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    target.unlink(missing_ok=True)
    source.write_bytes(raw)
    code = main(["split", str(source), str(target)])
    assert {path.name for path in folder.iterdir()} <= {"in.jsonl", "out.jsonl"}
    if not target.exists():
        return code, None
    return code, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("line", REFUSED, ids=range(len(REFUSED)))
def test_a_line_that_is_no_page_is_refused_with_number_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: bytes
) -> None:
    assert split(tmp_path, GOOD + line + b"\n" + GOOD) == (2, None)
    message = capsys.readouterr().err
    assert "wrong usage line 2 of" in message
    assert REFUSED[line] in message


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        (b"", []),
        (b"\n \n\r\n", []),
        (b"\xef\xbb\xbf" + GOOD, ["a"]),
        (GOOD.replace(b"\n", b"\r\n") + GOOD, ["a", "a"]),
        (b'{"doc_id": 7, "text": ""}', ["7"]),
        (b'{"doc_id": "", "text": " \\u0000 \\n"}', [""]),
        (b'{"doc_id": "a", "text": "b", "score": NaN, "more": [1, {"x": null}]}', ["a"]),
        (b'{"doc_id": "\\ud800", "text": "x"}', ["\N{REPLACEMENT CHARACTER}"]),
    ],
)
def test_a_file_of_pages_gives_a_line_for_each(tmp_path: Path, raw: bytes, ids: list[str]) -> None:
    code, pages = split(tmp_path, raw)
    assert code == 0
    assert [page["doc_id"] for page in pages or []] == ids


def test_half_a_surrogate_pair_is_one_character_of_the_text(tmp_path: Path) -> None:
    body = "The ship left the port on Monday with forty people aboard. " * 3
    text = f"The ship \\udc80 sails\\n\\n{body}\\ud83d and \\ud83d\\ude00"
    code, pages = split(tmp_path, f'{{"doc_id": "a", "text": "{text}"}}'.encode())
    assert code == 0
    assert pages is not None
    assert "\N{REPLACEMENT CHARACTER}" in json.dumps(pages, ensure_ascii=False)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
TEXTS = st.text(
    st.characters(codec=None) | st.sampled_from("\n\r\t\0\ud800\udfff\u2028\u0085\ufeff \u202e"),
    max_size=200,
)
PAGES = st.fixed_dictionaries(
    {"doc_id": st.text(max_size=5) | st.integers(), "text": TEXTS}, optional={"x": VALUES}
).map(lambda page: json.dumps(page).encode())
LINES = PAGES | VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(LINES, max_size=4))
def test_any_file_is_split_or_refused(tmp_path: Path, lines: list[bytes]) -> None:
    raw = b"\n".join(lines)
    code, pages = split(tmp_path, raw)
    assert (code, pages is None) in ((0, False), (2, True))
    if pages is not None:
        assert len(pages) == sum(bool(line.strip()) for line in raw.split(b"\n"))


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=news_pages())
def test_the_spans_together_cover_every_character_once(tmp_path: Path, text: str) -> None:
    code, written = split(tmp_path, json.dumps({"doc_id": "a", "text": text}).encode())
    assert code == 0
    assert written is not None
    (page,) = written
    spans = [chrome["span"] for chrome in page["chrome"]]
    for story in page["stories"]:
        assert story["headline_spans"][:1] == [story["headline_span"]] * bool(story["headline"])
        for name in ("headline_spans", "body_spans", "caption_spans"):
            spans += story[name]
        spans += [other["span"] for other in story["other_spans"]]
    assert_partition(text, sorted((start, end) for start, end in spans))
