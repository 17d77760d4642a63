"""Who gets into the Story Desk inside Airflow, with Airflow's own SimpleAuth manager."""

import asyncio
import importlib.util
import warnings

import httpx
import pytest

from include.config.settings import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Airflow's server imports what its own libraries deprecate
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user

    from include.orchestration import desk_access, desk_approvals

ROLES = {"viewer": (200, 403), "user": (200, 422), "op": (200, 422), "admin": (200, 422)}


async def nothing_waits(*_):
    return []


@pytest.fixture
def plugin():
    spec = importlib.util.spec_from_file_location("copydesk", ROOT / "plugins" / "copydesk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(plugin, monkeypatch, tmp_path):
    """Give the desk as the plugin makes it."""
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

    monkeypatch.setenv("COPYDESK_HOME", str(tmp_path))
    manager = SimpleAuthManager()
    monkeypatch.setattr(desk_access, "get_auth_manager", lambda: manager)
    monkeypatch.setattr(desk_approvals.AirflowApprovals, "list_waiting", nothing_waits)
    return plugin.make_desk()


def ask(app, method, path, **more):
    async def send():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, **more)

    return asyncio.run(send())


def test_without_a_login_a_page_leads_to_it_and_the_api_refuses(app):
    page = ask(app, "GET", "/")
    assert page.status_code == 307
    assert "login" in page.headers["location"]
    assert ask(app, "GET", "/api/stories").status_code == 401
    assert ask(app, "POST", "/quality/quarantine").status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_airflow_reads_and_writes_as_it_may(app, role):
    from include.desk.access import User
    from include.desk.forms import TOKEN, make_token

    user = SimpleAuthManagerUser(username="vera", role=role)
    app.dependency_overrides[get_user] = lambda: user
    reads, writes = ROLES[role]
    assert ask(app, "GET", "/").status_code == reads
    token = make_token(desk_access.form_secret(), User("vera", True, True))
    answer = ask(app, "POST", "/quality/quarantine", data={TOKEN: token, "decision": "burn"})
    assert answer.status_code == writes


def test_the_views_of_airflow_lead_to_the_desk(plugin):
    views = plugin.CopydeskPlugin.external_views
    assert {view["destination"] for view in views} == {"nav", "dag", "dag_run", "task_instance"}
    assert all(view["href"].startswith("/copydesk/") for view in views)
    assert len({view["url_route"] for view in views}) == len(views)
