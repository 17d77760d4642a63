"""A run's page of Data Docs: it loads nothing from elsewhere, and old ones go."""

import os
import re

import pyarrow as pa
import pytest

from include.quality.gate import data_docs
from include.quality.gate.data_docs import document_run, make_offline
from include.quality.gate.gate import judge_run
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN
from tests.quality.gate.test_gate import judged, taken

SUITE = load_suite("run")
LOADS = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'#][^\"']*)|url\(([^)]*)\)|@import\s+(\S+)")


@pytest.fixture(scope="module")
def checks():
    return judge_run(taken(), [judged(0, 9, 20), judged(1, 9, 2)], RUN).checks


@pytest.fixture
def vendored(tmp_path, monkeypatch):
    """Stand in for what `npm ci` lays down at build time."""
    modules = tmp_path / "node_modules"
    for file in [*data_docs.ASSETS.values(), f"{data_docs.FONTS}/fa-solid-900.woff2"]:
        (modules / file).parent.mkdir(parents=True, exist_ok=True)
        (modules / file).write_text(f"/* {file} */")
    monkeypatch.setattr(data_docs, "MODULES", modules)


def loaded(html):
    return {next(filter(None, found)) for found in LOADS.findall(html)}


def test_a_page_loads_its_own_assets_and_nothing_else(checks, vendored, tmp_path):
    page = document_run(checks, SUITE, "run-1", tmp_path / "docs")
    html = page.read_text()
    asked = loaded(html)
    assert asked == {f"assets/{data_docs._flat(file)}" for file in data_docs.ASSETS.values()}
    assert all((page.parent / name).exists() for name in asked)
    assert (page.parent / "assets" / "webfonts" / "fa-solid-900.woff2").exists()
    assert "Content-Security-Policy" in html
    assert "amazonaws" not in html


def test_a_page_says_every_rule_its_figure_and_its_bound(checks, vendored, tmp_path):
    html = document_run(checks, SUITE, "run-1", tmp_path / "docs").read_text()
    for rule in SUITE.rules:
        assert rule.id in html
    assert "run.quarantine_rate (critical): 0.55; the bound is at most 0.5" in html


def test_a_page_is_complete_where_nothing_was_vendored(checks, tmp_path, monkeypatch):
    monkeypatch.setattr(data_docs, "MODULES", tmp_path / "nothing")
    html = document_run(checks, SUITE, "run-1", tmp_path / "docs").read_text()
    assert "run.quarantine_rate" in html


def test_old_pages_go_and_the_index_lists_the_rest(checks, vendored, tmp_path, monkeypatch):
    monkeypatch.setattr(data_docs, "KEPT", 2)
    folder = tmp_path / "docs"
    for number in range(4):
        page = document_run(checks, SUITE, f"run-{number}", folder)
        os.utime(page, (number, number))
    document_run(checks, SUITE, "run-4", folder)
    assert {path.name for path in folder.glob("*.html")} == {
        "run-3.html", "run-4.html", "index.html",
    }  # fmt: skip
    assert re.findall(r'href="(run-[^"]*)"', (folder / "index.html").read_text()) == [
        "run-4.html", "run-3.html",
    ]  # fmt: skip


def test_links_to_other_sites_are_removed():
    html = (
        '<head><link rel="x" href="//cdn.example/a.css"><script src="http://a.example/x.js">'
        '</script><style>a { background: url("https://a.example/b.png") }</style></head>'
        '<img src="https://a.example/?d=1"><a href="https://a.example">words</a>'
        '<a href="#part">part</a>'
    )
    assert "example" not in make_offline(html)
    assert "words" in make_offline(html)
    assert 'href="#part"' in make_offline(html)


def test_a_column_of_nulls_has_its_words_too(vendored, tmp_path):
    empty = pa.table({name: pa.nulls(1, pa.float64()) for name in SUITE.check_columns})
    assert "null" in document_run(empty, SUITE, "run-1", tmp_path / "docs").read_text()
