"""
Who gets into the Story Desk inside Airflow: every route as nobody, viewer, editor and admin, with
the SimpleAuth manager and with FAB's, which production uses.
"""

import asyncio
import importlib.util
import warnings
from types import SimpleNamespace

import httpx
import pytest

from include.config.settings import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Airflow's server imports what its own libraries deprecate
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user

    from include.orchestration import desk_access, desk_approvals

REFUSED = (401, 403)
# role of each manager: whether it reads, and whether it writes and approves
SIMPLE = {"viewer": (True, False), "user": (True, True), "op": (True, True), "admin": (True, True)}
FAB = {"Public": (False, False), "Viewer": (True, False), "User": (True, True),
       "Op": (True, True), "Admin": (True, True)}  # fmt: skip
CASES = [
    *(("simple", role) for role in SIMPLE),
    *(pytest.param("fab", role, marks=pytest.mark.production) for role in FAB),
]
WRONG = {"decision": "burn", "answer": "perhaps", "corrections": "", "run": "x"}  # does nothing


async def nothing_waits(*_):
    return []


@pytest.fixture
def plugin():
    spec = importlib.util.spec_from_file_location("copydesk", ROOT / "plugins" / "copydesk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make_app(plugin, monkeypatch, tmp_path):
    """Give what makes the desk as the plugin does, with an auth manager."""

    def make(manager):
        monkeypatch.setenv("COPYDESK_HOME", str(tmp_path))
        monkeypatch.setattr(desk_access, "get_auth_manager", lambda: manager)
        monkeypatch.setattr(desk_approvals.AirflowApprovals, "list_waiting", nothing_waits)
        return plugin.make_desk()

    return make


def make_fab():
    """Give FAB's auth manager, and the permissions of its roles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
        from airflow.providers.fab.auth_manager.security_manager.override import (
            FabAirflowSecurityManagerOverride as Roles,
        )
    viewer = set(Roles.VIEWER_PERMISSIONS)
    user = viewer | set(Roles.USER_PERMISSIONS)
    op = user | set(Roles.OP_PERMISSIONS)
    admin = op | set(Roles.ADMIN_PERMISSIONS)
    granted = {"Public": set(), "Viewer": viewer, "User": user, "Op": op, "Admin": admin}
    return FabAuthManager(), granted


def ask(app, method, path, **more):
    async def send():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, **more)

    return asyncio.run(send())


def routes(app):
    """Give method and path of every route, with a value in place of each parameter."""
    for route in app.routes:
        for method in sorted(getattr(route, "methods", ()) - {"HEAD"}):
            path = route.path
            for name in route.param_convertors:
                path = path.replace(f"{{{name}}}", "x")
            yield method, path


def test_without_a_login_a_page_leads_to_it_and_the_api_refuses(make_app):
    app = make_app(SimpleAuthManager())
    page = ask(app, "GET", "/")
    assert page.status_code == 307
    assert "login" in page.headers["location"]
    assert ask(app, "GET", "/api/stories").status_code == 401
    for method, path in routes(app):
        status = ask(app, method, path).status_code
        assert status == 401 or (method, status) == ("GET", 307), (method, path, status)


@pytest.mark.parametrize(("kind", "role"), CASES, ids=lambda part: str(part))
def test_every_route_opens_to_whom_airflow_lets_read_or_write(make_app, kind, role):
    from include.desk.access import User
    from include.desk.forms import TOKEN, make_token

    if kind == "simple":
        manager, user = SimpleAuthManager(), SimpleAuthManagerUser(username="vera", role=role)
        reads, writes = SIMPLE[role]
    else:
        manager, granted = make_fab()
        user = SimpleNamespace(perms=granted[role], get_name=lambda: "vera", get_id=lambda: 7)
        reads, writes = FAB[role]
    app = make_app(manager)
    app.dependency_overrides[get_user] = lambda: user
    token = make_token(desk_access.form_secret(), User("vera", True, True))
    for method, path in routes(app):
        form = {"data": {TOKEN: token, **WRONG}} if method == "POST" else {}
        status = ask(app, method, path, **form).status_code
        is_open = writes if method == "POST" else reads
        assert (status not in REFUSED) is is_open, (method, path, status)


def test_the_views_of_airflow_lead_to_the_desk(plugin):
    views = plugin.CopydeskPlugin.external_views
    assert {view["destination"] for view in views} == {"nav", "dag", "dag_run", "task_instance"}
    assert all(view["href"].startswith("/copydesk/") for view in views)
    assert len({view["url_route"] for view in views}) == len(views)
