"""The pages of Data Docs in Airflow's web server, and the link that leads to them."""

import asyncio
import importlib.util
import warnings
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, HTTPException

from include.config.settings import ROOT
from include.orchestration.links import DATA_DOCS_PREFIX, DataDocsLink, link_data_docs
from include.pipeline.receipts import run_key

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Airflow's server imports what its own libraries deprecate
    from include.orchestration import data_docs_pages


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "passwords.json").write_text("not for you")
    docs = tmp_path / "data_docs"
    (docs / "assets").mkdir(parents=True)
    (docs / "index.html").write_text("all runs")
    (docs / "run-1.html").write_text("one run")
    (docs / "assets" / "a.css").write_text("a {}")
    return docs


def ask(app, path):
    async def get():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.get(path)

    return asyncio.run(get())


@pytest.fixture
def app(folder, monkeypatch):
    monkeypatch.setattr(data_docs_pages, "requires_access_dag", lambda *_: lambda: None)
    return data_docs_pages.make_app(folder)


def test_pages_and_their_assets_are_served(app):
    assert ask(app, "/").text == "all runs"
    assert ask(app, "/run-1.html").text == "one run"
    assert ask(app, "/assets/a.css").headers["content-type"].startswith("text/css")


def mount(app):
    """Give a server as Airflow builds it: the pages below their prefix, its own at the end."""
    spec = importlib.util.spec_from_file_location("copydesk", ROOT / "plugins" / "copydesk.py")
    plugin = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plugin)
    server = FastAPI()
    server.mount(DATA_DOCS_PREFIX, app)

    @server.get("/{rest:path}")
    def own_page(rest):
        raise HTTPException(404)

    for told in plugin.CopydeskPlugin.fastapi_root_middlewares:
        server.add_middleware(told["middleware"])
    return server


def test_the_prefix_without_a_slash_leads_to_the_index(app):
    server = mount(app)
    answer = ask(server, "/data-docs")
    assert answer.status_code == 307
    assert str(answer.url.join(answer.headers["location"])) == "http://desk/data-docs/"
    assert ask(server, "/data-docs/").text == "all runs"
    assert ask(server, "/data-docs/run-1.html").text == "one run"
    assert ask(server, "/data-docs-of-others").status_code == 404


def test_below_another_path_the_prefix_leads_to_the_index_there(app):
    server = mount(app)
    server.root_path = "/airflow"
    answer = ask(server, "/airflow/data-docs")
    assert str(answer.url.join(answer.headers["location"])) == "http://desk/airflow/data-docs/"


@pytest.mark.parametrize(
    "path",
    ["/../passwords.json", "/%2e%2e/passwords.json", "/assets", "/run-2.html", "//etc/hosts"],
)
def test_files_beside_the_pages_are_not_served(app, path):
    assert ask(app, path).status_code == 404


def test_nobody_sees_a_page_without_a_login(folder):
    assert ask(data_docs_pages.make_app(folder), "/run-1.html").status_code == 401


def test_the_link_leads_to_the_runs_own_page():
    run_id = "manual__2026-11-02T06:00:00+00:00"
    link = DataDocsLink().get_link(
        None, ti_key=SimpleNamespace(dag_id="ingest_pages", run_id=run_id)
    )
    assert link == f"{DATA_DOCS_PREFIX}/{run_key(run_id)}.html"


def test_the_link_is_hung_on_the_task():
    weighed = SimpleNamespace(operator=SimpleNamespace(operator_extra_links=()))
    assert link_data_docs(weighed) is weighed
    assert [link.name for link in weighed.operator.operator_extra_links] == ["Data Docs"]
