"""
Read the credentials of an inbox in a store from an Airflow connection. The only module that does.

Credentials stay in the process that read them: no receipt, log line, XCom or row ever holds them.
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
    Return the inboxes of a run, with their credentials.

    Raises:
        StoreRefused: Airflow has no connection with an inbox's connection id.
    """
    return tuple(_resolve(inbox) for inbox in list_inboxes(settings))


async def find_store(url: str, conn_id: str | None) -> Store:
    """Return a store with its credentials, for a trigger; raises as `find_inboxes` does."""
    if conn_id is None:
        return Store(url)
    try:
        connection = await Connection.async_get(conn_id)
    except AirflowNotFoundException:
        raise _unknown_connection(url, conn_id) from None
    return Store(url, read_options(Store(url).protocol, connection))


def read_options(protocol: str, connection: Any) -> dict[str, Any]:
    """
    Return a store's options from a connection; unknown keys of its `extra` are passed on.

    s3: login and password are the key and its secret; extra endpoint_url, region_name. abfs, az:
    account and key. http: user and password of basic authentication. Others: also the port.
    """
    extra: Mapping[str, Any] = connection.extra_dejson
    user, password = connection.login, connection.password
    if protocol in ("s3", "s3a"):
        named = {S3_EXTRAS[key]: text for key, text in extra.items() if key in S3_EXTRAS}
        if str(named.get("aws_endpoint", "")).startswith("http://"):
            named["allow_http"] = "true"
        return _drop_empty(aws_access_key_id=user, aws_secret_access_key=password, **named)
    if protocol in ("abfs", "abfss", "az"):
        return _drop_empty(account_name=user, account_key=password, **extra)
    if protocol in ("http", "https"):
        return _drop_empty(username=user, password=password, **extra)
    if protocol in ("gs", "gcs"):
        return dict(extra)
    return _drop_empty(username=user, password=password, port=connection.port, **extra)


def _drop_empty(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, "")}


def _resolve(inbox: Inbox) -> Inbox:
    if inbox.connection is None or not isinstance(inbox.place, Store):
        return inbox
    try:
        connection = Connection.get(inbox.connection)
    except AirflowNotFoundException:
        raise _unknown_connection(inbox.place.url, inbox.connection) from None
    return replace(
        inbox, place=replace(inbox.place, options=read_options(inbox.place.protocol, connection))
    )


def _unknown_connection(url: str, conn_id: str) -> StoreRefused:
    way_out = f"Airflow has no connection {conn_id!r}. Create it under Admin, Connections."
    return StoreRefused("inbox", url, way_out)
