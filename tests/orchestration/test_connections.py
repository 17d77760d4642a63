"""User and password of an inbox come out of an Airflow connection, and stay in the process."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.config.settings import Settings
from include.errors import StoreRefused

SECRET = "hush-hush"


def connect(patch: pytest.MonkeyPatch, conn_id: str, **told: Any) -> None:
    patch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(told))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "inboxes.yaml"
    file.write_text(
        "inboxes:\n"
        "  - {name: wire, url: 's3://bucket/wire', connection: wire_s3}\n"
        f"  - {{name: desk, url: {tmp_path}}}\n"
    )
    return replace(Settings(), home=tmp_path, inboxes=str(file))


def test_an_inbox_gets_in_by_its_connection(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration.connections import find_inboxes

    extra = {"endpoint_url": "http://127.0.0.1:9000", "region_name": "eu-west-1", "other": "x"}
    connect(monkeypatch, "wire_s3", conn_type="aws", login="key", password=SECRET, extra=extra)
    wire, desk = find_inboxes(settings)
    assert wire.place.options == {
        "aws_access_key_id": "key",
        "aws_secret_access_key": SECRET,
        "aws_endpoint": "http://127.0.0.1:9000",
        "aws_region": "eu-west-1",
        "allow_http": "true",
    }
    assert SECRET not in repr(wire)
    assert str(wire.place) == "s3://bucket/wire"
    assert desk.place == settings.home


def test_a_connection_that_is_not_there_is_named(settings: Settings) -> None:
    from include.orchestration.connections import find_inboxes

    with pytest.raises(StoreRefused, match="wire_s3"):
        find_inboxes(settings)


@pytest.mark.parametrize(
    ("protocol", "told", "options"),
    [
        ("sftp", {"login": "u", "password": SECRET, "port": 22},
         {"username": "u", "password": SECRET, "port": 22}),
        ("abfs", {"login": "account", "password": SECRET},
         {"account_name": "account", "account_key": SECRET}),
        ("gs", {"extra": {"anonymous": True}}, {"anonymous": True}),
        ("https", {}, {}),
        ("https", {"login": "u", "password": "p"},
         {"username": "u", "password": "p"}),
    ],
)  # fmt: skip
def test_each_store_gets_options_by_its_own_names(
    protocol: str, told: dict[str, Any], options: dict[str, Any]
) -> None:
    from airflow.sdk import Connection

    from include.orchestration.connections import read_options

    extra = json.dumps(told.pop("extra", {}))
    found = Connection(conn_id="c", conn_type="generic", extra=extra, **told)
    assert read_options(protocol, found) == options


def test_the_inbox_trigger_carries_the_connections_name_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration import inbox_watchers

    connect(monkeypatch, "wire_s3", conn_type="aws", login="key", password=SECRET)
    bells = inbox_watchers.make_watchers(settings)
    assert [bell.name for bell in bells] == ["inbox_doorbell_wire", "inbox_doorbell_desk"]
    told = json.dumps([bell.trigger.serialize() for bell in bells])
    assert "wire_s3" in told
    assert SECRET not in told
    assert inbox_watchers.locate(settings).endswith("/inboxes.yaml")


def test_a_trigger_looks_its_connection_up_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from include.orchestration.connections import find_store

    connect(monkeypatch, "wire_s3", conn_type="aws", login="key", password=SECRET)
    store = asyncio.run(find_store("s3://bucket/wire", "wire_s3"))
    assert store.options["aws_secret_access_key"] == SECRET
    assert asyncio.run(find_store("s3://bucket/wire", None)).options == {}
