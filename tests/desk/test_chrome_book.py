"""*Chrome book* and the tab of a DAG: what the book knows, an example of a line, a DAG's runs."""

import re
from dataclasses import replace

import pytest

from include.config.settings import read_settings
from include.pipeline import steps
from tests.desk.conftest import EDITOR, Desk
from tests.pipeline.test_maintenance import LABEL, fill, ingest, tend

PAGES = 48  # a line of four words needs twenty stories where no outlet is named


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A home whose pages repeat lines beside different stories."""
    home = tmp_path_factory.mktemp("book")
    settings = replace(read_settings({}, home=home), inbox=home / "inbox", settle_s=0.0)
    fill(settings.inbox, range(PAGES))
    ingest(settings)
    tend(settings)
    steps.publish(settings)
    return Desk(settings, EDITOR)


@pytest.mark.runs
def test_the_book_shows_its_lines_each_with_a_page_that_has_it(desk):
    text = desk.get("/quality/chrome").text
    row = next(row for row in text.split("<tr>") if LABEL in row)
    answer = desk.get(re.search(r'href="(/quality/chrome/[0-9a-f]+)"', row)[1])
    assert answer.status_code == 303
    assert LABEL in desk.get(answer.headers["location"].partition("#")[0]).text


@pytest.mark.runs
def test_a_line_that_nobody_knows_has_no_example(desk):
    assert desk.get("/quality/chrome/none").status_code == 404


@pytest.mark.runs
@pytest.mark.parametrize(
    ("dag", "status", "says"),
    [
        ("ingest_pages", 200, "run?run=run-"),
        ("resplit_history", 200, "No run of this DAG"),
        ("tend_lake", 307, "/lake"),
        ("another", 307, "/"),
    ],
)
def test_the_tab_of_a_dag_shows_its_runs_or_leads_to_its_page(desk, dag, status, says):
    answer = desk.get(f"/dag?dag={dag}")
    assert answer.status_code == status
    assert says in (answer.text if status == 200 else answer.headers["location"])
