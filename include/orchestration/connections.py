"""
User and password of an inbox in a store, out of an Airflow connection. The only place that looks.

What is found stays in the process that looked: no receipt, log line, XCom or row ever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from include.config.inboxes import Inbox, list_inboxes
from include.config.settings import Settings
from include.errors import StoreRefused
from include.storage.locations import Store

S3_EXTRAS = {
    "endpoint_url": "aws_endpoint",
    "region_name": "aws_region",
    "aws_session_token": "aws_session_token",
}


def find_inboxes(settings: Settings) -> tuple[Inbox, ...]:
    """
    Give the inboxes of a run, able to get in.

    Raises:
        StoreRefused: Airflow knows no connection by an inbox's id.
    """
    return tuple(_resolve(inbox) for inbox in list_inboxes(settings))


async def find_store(url: str, conn_id: str | None) -> Store:
    """Give a store, able to get in, to a trigger; raises as `find_inboxes` does."""
    if conn_id is None:
        return Store(url)
    try:
        found = await Connection.async_get(conn_id)
    except AirflowNotFoundException:
        raise _unknown(url, conn_id) from None
    return Store(url, read_options(Store(url).protocol, found))


def read_options(protocol: str, found: Any) -> dict[str, Any]:
    """
    Give a store's options from a connection; keys of its `extra` that we do not know are passed on.

    s3: login and password are the key and its secret; extra endpoint_url, region_name. abfs, az:
    account and key. http: user and password of basic authentication. Others: also the port.
    """
    extra: Mapping[str, Any] = found.extra_dejson
    user, password = found.login, found.password
    if protocol in ("s3", "s3a"):
        named = {S3_EXTRAS[key]: text for key, text in extra.items() if key in S3_EXTRAS}
        if str(named.get("aws_endpoint", "")).startswith("http://"):
            named["allow_http"] = "true"
        return _given(aws_access_key_id=user, aws_secret_access_key=password, **named)
    if protocol in ("abfs", "abfss", "az"):
        return _given(account_name=user, account_key=password, **extra)
    if protocol in ("http", "https"):
        return _given(username=user, password=password, **extra)
    if protocol in ("gs", "gcs"):
        return dict(extra)
    return _given(username=user, password=password, port=found.port, **extra)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, "")}


def _resolve(inbox: Inbox) -> Inbox:
    if inbox.connection is None or not isinstance(inbox.place, Store):
        return inbox
    try:
        found = Connection.get(inbox.connection)
    except AirflowNotFoundException:
        raise _unknown(inbox.place.url, inbox.connection) from None
    return replace(
        inbox, place=replace(inbox.place, options=read_options(inbox.place.protocol, found))
    )


def _unknown(url: str, conn_id: str) -> StoreRefused:
    way_out = f"Airflow knows no connection {conn_id!r}: make it (Admin, Connections)."
    return StoreRefused("inbox", url, way_out)
