"""A place is a folder or a URL; a URL holds no secret, and what a store raises tells none."""

import sys
from pathlib import Path

import pytest

from include.config.settings import read_settings
from include.errors import SettingInvalid, StoreRefused, StoreSilent
from include.storage.locations import LakeStore, Store, address, explain, open_filesystem, parse_url

SECRET = "hush-hush"


@pytest.mark.parametrize(
    "url",
    [
        f"s3://key:{SECRET}@bucket/pages",
        f"sftp://{SECRET}@host/pages",
        f"https://host/pages?token={SECRET}",
        f"https://host/pages#{SECRET}",
    ],
)
def test_a_url_that_holds_a_secret_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingInvalid) as told:
        parse_url("inbox", url)
    assert SECRET not in str(told.value)
    assert "connection" in str(told.value)


def test_the_settings_take_urls_for_inbox_and_lake(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "COPYDESK_HOME": str(tmp_path),
            "COPYDESK_INBOX": "s3://bucket/in/",
            "COPYDESK_LAKE": "s3://bucket/lake",
        }
    )
    assert str(settings.inbox) == "s3://bucket/in"
    assert settings.lake == LakeStore("s3://bucket/lake", lock=tmp_path / "lake")


def test_a_lake_may_be_another_folder_but_lies_on_no_web_server(tmp_path: Path) -> None:
    assert read_settings({"COPYDESK_LAKE": str(tmp_path)}).lake == tmp_path
    with pytest.raises(SettingInvalid, match="s3://"):
        read_settings({"COPYDESK_LAKE": "https://host/lake"})


def test_a_place_has_a_uri() -> None:
    assert address(Path("/a b"), "c") == "file:///a%20b/c"
    assert address(Store("s3://bucket/lake"), "pages") == "s3://bucket/lake/pages"


def test_options_are_never_shown() -> None:
    assert SECRET not in repr(Store("s3://bucket", {"aws_secret_access_key": SECRET}))


def test_a_protocol_whose_library_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("paramiko", "include.storage.ssh", "include.storage.sftp"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "paramiko", None)
    with pytest.raises(StoreRefused, match=r"sftp://.*Install paramiko.*deployment\.md"):
        open_filesystem(Store("sftp://host/pages"))
    with pytest.raises(StoreRefused, match=r"smb://.*Install .*deployment\.md"):
        open_filesystem(Store("smb://host/pages"))


@pytest.mark.parametrize(
    "url", ["s3://bucket", "gs://bucket", "abfs://bucket", "sftp://host", "https://host"]
)
def test_an_unknown_option_is_named_without_its_value(url: str) -> None:
    options = {"keyfile_dict": SECRET, **({"account_name": "a"} if url.startswith("abfs") else {})}
    with pytest.raises(StoreRefused, match="keyfile_dict") as told:
        open_filesystem(Store(url, options))
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (OSError(f"AWS Error ACCESS_DENIED: {SECRET}"), StoreRefused),
        (OSError("403 Forbidden: <Code>InvalidAccessKeyId</Code>"), StoreRefused),
        (FileNotFoundError("no bucket"), StoreRefused),
        (OSError(f"AWS Error NETWORK_CONNECTION {SECRET}"), StoreSilent),
        (TimeoutError(), StoreSilent),
        (OSError(f"Azure Error: [AuthorizationFailure] 403 {SECRET}"), StoreRefused),
        (OSError(f"Azure Error: [] Fail to get a new connection {SECRET}"), StoreSilent),
        (OSError(f"google::cloud::Status(UNAUTHENTICATED: {SECRET})"), StoreRefused),
        (OSError(f"google::cloud::Status(UNAVAILABLE: CURL error [7] {SECRET})"), StoreSilent),
    ],
)
def test_what_a_store_raises_is_refused_or_silent(problem: OSError, kind: type) -> None:
    told = explain(Store("s3://bucket/in"), problem)
    assert type(told) is kind
    assert "s3://bucket/in" in str(told)
    assert SECRET not in str(told)
