"""Conservation and determinism of the splitter, over generated and over real pages."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.config.settings import ROOT
from include.splitter.split import split_pages
from tests.splitter.conservation import assert_partition, spans_by_page, table

SHARED = ROOT.parent / "shared"
HEADLINES = (
    "Harbour Votes for Night Boat",
    "Ein Dorf zählt seine Gänse neu",
    "港湾評議会、夜間フェリーを承認",
)
PROSE = (
    "The council voted on Tuesday to let the night boat sail, after two years of argument in town.",
    "“We heard every side,” said the chairwoman, who had brought cake. Nobody had asked for cake.",
    "Der Bürgermeister sagte am Mittwoch, die Gänse seien vollzählig, nur eine sei eine Ente.",
)
CHROME = ("TT", "20", "Advertisement", "Leave A Reply", "Related Articles", "Comments (3)")
ODD = ("", " ", "\u200b", "\ufeff", "\t", "\x0b", "•", "a day ago", "- Sund Press", "Sund Press")


def pages() -> st.SearchStrategy[str]:
    line = st.one_of(
        st.sampled_from(HEADLINES + PROSE + CHROME + ODD),
        st.text(max_size=40),
        st.builds("{} {}".format, st.sampled_from(CHROME), st.sampled_from(PROSE)),
    )
    breaks = st.sampled_from(["\n", "\n\n", "\n\n\n", "\r\n", "\r", " \n"])
    return st.lists(st.tuples(line, breaks), max_size=25).map(
        lambda rows: "".join(line + end for line, end in rows)
    )


@given(st.lists(pages(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_spans_of_stories_and_chrome_partition_a_page(texts: list[str]) -> None:
    spans = spans_by_page(split_pages(table(*texts)))
    for number, text in enumerate(texts):
        assert_partition(text, spans.get(f"{number:064x}", []))


@given(st.lists(pages(), min_size=2, max_size=5))
@settings(max_examples=20, deadline=None)
def test_a_page_splits_alike_alone_and_in_any_company(texts: list[str]) -> None:
    together = split_pages(table(*texts))
    for number, text in enumerate(texts):
        alone = split_pages(table(text))
        own_stories = [
            s for s in together.stories.to_pylist() if s["source_name"] == f"{number}.txt"
        ]
        for story, single in zip(own_stories, alone.stories.to_pylist(), strict=True):
            ids = {"page_id", "story_id", "source_name"}
            assert {k: v for k, v in story.items() if k not in ids} == {
                k: v for k, v in single.items() if k not in ids
            }


@given(st.lists(pages(), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_a_body_span_quotes_the_page(texts: list[str]) -> None:
    for story in split_pages(table(*texts)).stories.to_pylist():
        text = texts[int(story["page_id"], 16)]
        quoted = [text[span["start"] : span["end"]] for span in story["body_spans"]]
        assert "".join("".join(quoted).split()) == "".join(story["body"].split())


def real_pages() -> Iterator[str]:
    yield from (p.read_text(encoding="utf-8") for p in sorted((SHARED / "seeds").glob("*.txt")))
    for path in sorted((SHARED / "eval" / "dev2").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled pages are not beside the project")
def test_real_pages_are_conserved_and_split_alike_in_reverse() -> None:
    texts = list(real_pages())
    forward, backward = split_pages(table(*texts)), split_pages(table(*reversed(texts)))
    spans = spans_by_page(forward)
    for number, text in enumerate(texts):
        assert_partition(text, spans.get(f"{number:064x}", []))
    ahead = [(s["headline"], s["body"]) for s in forward.stories.to_pylist()]
    behind = [(s["headline"], s["body"]) for s in backward.stories.to_pylist()]
    assert sorted(ahead, key=str) == sorted(behind, key=str)
