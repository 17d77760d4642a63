"""Facts beside the text: known sources, JSON-LD, titles with their source; and hidden text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.intake.decoding.html import extract_again, extract_text
from include.intake.decoding.page import TextOptions, reread_text
from include.intake.decoding.records import Fields
from include.intake.take import ReadOptions
from tests.intake.archives.test_unpack import outcomes, take

AT = datetime(2026, 3, 3, 17, 3, tzinfo=UTC)
STORY = "The council voted on Tuesday for a night ferry across the river."
STAMP = "2026-03-03T17:03:00Z"


def rows_of(inbox: Path, content: object, name: str = "a.json", **options: object) -> dict:
    raw = content if isinstance(content, str) else json.dumps(content, indent=1)
    (inbox / name).write_text(raw)
    return take(inbox, **options)[0]


@pytest.mark.parametrize(
    "record",
    [
        {"maintext": STORY, "source_domain": "Sund", "date_publish": "2026-03-03 17:03:00",
         "authors": ["Ida"], "title": "T", "url": "https://x.invalid/"},
        {"content": STORY, "source": {"id": None, "name": "Sund"}, "publishedAt": STAMP,
         "author": "Ida", "title": "T", "url": "https://x.invalid/", "urlToImage": None},
        {"body": STORY, "source": {"uri": "s", "title": "Sund"}, "date": "2026-03-03",
         "dateTimePub": STAMP, "authors": [{"name": "Ida"}], "title": "T", "url": "https://x.invalid/"},
        {"text": STORY, "domain": "Sund", "date": STAMP, "author": "Ida", "title": "T",
         "url": "https://x.invalid/"},
        {"content_text": STORY, "publisher": {"name": "Sund"}, "date_published": STAMP,
         "authors": [{"name": "Ida"}], "title": "T", "url": "https://x.invalid/"},
        {"articleBody": STORY, "publisher": {"name": "Sund"}, "datePublished": STAMP,
         "author": {"name": "Ida"}, "headline": "T", "url": "https://x.invalid/"},
    ],
)  # fmt: skip
def test_records_of_known_sources_are_read_without_settings(tmp_path: Path, record: dict) -> None:
    row = rows_of(tmp_path, record)["a.json"]
    assert (row["text"], row["outlet"], row["published_at"]) == (STORY, "Sund", AT)
    assert (row["title"], row["author"], row["url"]) == ("T", "Ida", "https://x.invalid/")
    assert row["title_source"] == "record"


def test_a_name_that_a_person_set_counts_before_that_of_a_known_source(tmp_path: Path) -> None:
    record = {"maintext": STORY, "own": "Chosen text.", "date_publish": STAMP, "day": "2020-01-01"}
    options = ReadOptions(TextOptions(fields=Fields(text=("own",), published_at=("day",))))
    row = rows_of(tmp_path, record, rules=options)["a.json"]
    assert (row["text"], row["published_at"].year) == ("Chosen text.", 2020)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda articles: {"status": "ok", "totalResults": 2, "articles": articles},
        lambda articles: {"articles": {"page": 1, "results": articles}},
        lambda articles: {"version": "https://jsonfeed.org/version/1.1", "items": articles},
        lambda articles: {"response": {"status": "ok", "docs": articles}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_articles_in_an_envelope_are_pages(tmp_path: Path, wrap, indent) -> None:
    articles = [{"title": f"T{number}", "text": f"{STORY} {number}"} for number in range(3)]
    rows = rows_of(tmp_path, json.dumps(wrap(articles), indent=indent))
    assert outcomes(rows) == {"a.json!1": "taken", "a.json!2": "taken", "a.json!3": "taken",
                              "a.json": "unpacked"}  # fmt: skip
    assert json.loads(rows["a.json!2"]["raw"]) == articles[1]


def test_an_object_with_a_text_is_one_page_whatever_lists_it_has(tmp_path: Path) -> None:
    record = {"text": STORY, "items": [{"text": "Related."}], "articles": [{"text": "Also."}]}
    assert outcomes(rows_of(tmp_path, record)) == {"a.json": "taken"}


OBJECTS = [{"title": f"T{number}", "text": f"{STORY} {number}"} for number in range(3)]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps(value, indent=2) for value in OBJECTS),
        "".join(json.dumps(value) for value in OBJECTS),
        "\x1e" + "\n\x1e".join(json.dumps(value) for value in OBJECTS) + "\n",
        ",\n".join(json.dumps(value, indent=1) for value in OBJECTS),
        "\ufeff" + "\n".join(json.dumps(value) for value in OBJECTS),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_objects_one_after_the_other_are_records_in_any_unicode(tmp_path, text, codec) -> None:
    (tmp_path / "a.json").write_bytes(text.encode(codec))
    rows, tally = take(tmp_path)
    assert tally.taken == 3, outcomes(rows)
    assert {row["title"] for row in rows.values()} == {"T0", "T1", "T2", None}


def test_a_broken_object_among_others_is_rejected_alone(tmp_path: Path) -> None:
    one, two = json.dumps(OBJECTS[0], indent=2), json.dumps(OBJECTS[1], indent=2)
    rows = rows_of(tmp_path, f'{one}\n{{\n "text": "cut of\n}}\n{two}')
    assert outcomes(rows) == {"a.json!1": "taken", "a.json!2": "broken_json:record 2",
                              "a.json!3": "taken", "a.json": "unpacked"}  # fmt: skip


def page(head: str = "", body: str = f"<p>{STORY}</p>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


ARTICLE = '{"@type": "NewsArticle", "headline": "T", "datePublished": "2026-03-03T17:03:00Z"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        ARTICLE.replace('"T"', '"T\nand more"'),
        f'{{"@type": "BreadcrumbList"}}\n{ARTICLE}',
        f'{{"@graph": [{{"@type": "WebPage"}}, {ARTICLE}]}}',
        f'[{{"@graph": [{ARTICLE}]}}]',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!--\n{ARTICLE}\n-->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
        ARTICLE.replace('"NewsArticle"', '["Thing", "https://schema.org/NewsArticle"]'),
    ],
)
def test_json_ld_is_read_as_publishers_write_it(tmp_path: Path, script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script><title>Tab</title>'
    row = rows_of(tmp_path, page(head), "a.html")["a.html"]
    assert row["published_at"] == AT
    assert (row["title"][0], row["title_source"]) == ("T", "json-ld")


def test_the_title_names_its_source(tmp_path: Path) -> None:
    tab, og = "<title>Tab</title>", '<meta property="og:title" content="Open">'
    for head, title, source in (
        (tab, "Tab", "title"),
        (tab + og, "Open", "og:title"),
        ("", None, None),
    ):
        row = rows_of(tmp_path, page(head), "a.html")["a.html"]
        assert (row["title"], row["title_source"]) == (title, source)
    (tmp_path / "a.html.meta.json").write_text('{"title": "Beside", "author": "Ida"}')
    row = rows_of(tmp_path, page(tab + og), "a.html")["a.html"]
    assert (row["title"], row["title_source"], row["author"]) == ("Beside", "sidecar", "Ida")


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden", 'hidden=""', 'style="display:none"',
        'style="color:red; display : none !important"',
        'aria-hidden="true"', 'style="visibility: hidden"',
        'HIDDEN="hidden"', "style='DISPLAY:NONE'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", ["whole", "main"])
def test_hidden_text_is_left_out_and_stays_out(attribute: str, part: str) -> None:
    body = f"<article>{f'<p>{STORY}</p>' * 5}<p {attribute}>Not to be <b>seen</b>.</p></article>"
    text, kept = extract_text(page(body=body), part)
    assert "seen" not in text
    assert kept in ("visible", "main_visible")
    assert extract_again(page(body=body), kept) == text


@pytest.mark.parametrize(
    "attribute", ['style="display:block"', 'data-hidden="1"', 'aria-hidden="false"']
)
def test_what_is_not_hidden_stays(attribute: str) -> None:
    text, part = extract_text(page(body=f"<p>{STORY}</p><p {attribute}>Seen.</p>"), "whole")
    assert ("Seen." in text, part) == (True, "whole")


@pytest.mark.parametrize("where", ["body", "main"])
def test_a_page_that_hides_itself_is_read(where: str) -> None:
    markup = (
        f'<html><{where} aria-hidden="true" style="display:none"><p>{STORY}</p></{where}></html>'
    )
    assert STORY in extract_text(markup, "whole")[0]


def test_a_page_that_was_split_with_its_hidden_text_keeps_it() -> None:
    markup = page(body=f"<article>{f'<p>{STORY}</p>' * 5}<p hidden>Unseen.</p></article>")
    assert "Unseen." in reread_text(markup.encode(), "utf-8", "html", "whole")
