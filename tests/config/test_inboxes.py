"""Several inboxes in one file: each key is read or refused, with its place and the way out."""

from dataclasses import replace
from pathlib import Path

import pytest

from include.config.inboxes import Inbox, list_inboxes
from include.config.settings import Settings, read_settings
from include.errors import SettingInvalid


def settings_of(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "inboxes.yaml"
    file.write_text(text, encoding="utf-8")
    return replace(Settings(), home=tmp_path, inboxes=str(file))


def test_without_a_file_the_setting_is_the_only_inbox(tmp_path: Path) -> None:
    settings = replace(Settings(), inbox=tmp_path)
    assert list_inboxes(settings) == (Inbox("inbox", tmp_path, settings),)


def test_each_inbox_has_settings_of_its_own(tmp_path: Path) -> None:
    wire, desk = list_inboxes(
        settings_of(
            tmp_path,
            f"""
            inboxes:
              - {{name: wire, url: "s3://bucket/wire/", connection: wire_s3, settle_s: 30}}
              - {{name: desk, url: {tmp_path}, max_page_bytes: 1000}}
            """,
        )
    )
    assert (str(wire.place), wire.connection) == ("s3://bucket/wire", "wire_s3")
    assert (wire.settings.settle_s, desk.settings.settle_s) == (30.0, 2.0)
    assert (wire.settings.max_page_bytes, desk.settings.max_page_bytes) == (64 * 2**20, 1000)
    assert (desk.name, desk.place, desk.connection) == ("desk", tmp_path, None)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{name: a, url: /x, settel_s: 3}", "'settel_s'"),
        ("{name: a}", "url of inbox 1"),
        ("{url: /x}", "name of inbox 1"),
        ("{name: 'A b', url: /x}", "'A b'"),
        ("{name: a, url: /x, settle_s: soon}", "'soon'"),
        ("{name: a, url: /x, settle_s: .nan}", "nan"),
        ("{name: a, url: /x, max_page_bytes: 0}", "max_page_bytes of inbox 1"),
        ("{name: a, url: /x, same_url: yes}", "same_url of inbox 1"),
        ("{name: a, url: /x, same_url: merge}", "'merge'"),
        ("{name: a, url: /x, connection: c}", "only to an inbox that is a URL"),
        ("{name: a, url: 's3://k:s@bucket'}", "connection"),
        ("[a]", "entry of inbox 1"),
    ],
)
def test_what_does_not_fit_is_named_with_its_file_and_a_way_out(
    tmp_path: Path, entry: str, told: str
) -> None:
    settings = settings_of(tmp_path, f"inboxes:\n  - {entry}\n")
    with pytest.raises(SettingInvalid) as error:
        list_inboxes(settings)
    assert told in str(error.value)
    assert "inboxes.yaml" in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "a", "inboxes: []", "inbox: [x]", "inboxes: {", "{a: 1, b: 2}"]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingInvalid, match="COPYDESK_INBOXES"):
        list_inboxes(settings_of(tmp_path, text))


@pytest.mark.parametrize(
    "second", ["{name: a, url: /y}", "{name: b, url: /x}"], ids=["name", "url"]
)
def test_two_inboxes_are_told_apart_by_name_and_place(tmp_path: Path, second: str) -> None:
    text = f"inboxes:\n  - {{name: a, url: /x}}\n  - {second}\n"
    with pytest.raises(SettingInvalid, match="of its own"):
        list_inboxes(settings_of(tmp_path, text))


@pytest.mark.parametrize("text", ["{" * 5000, "? [a]\n: 1", "a: 2026-13-45", "a: !!int two"])
def test_malformed_yaml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingInvalid, match="COPYDESK_INBOXES"):
        list_inboxes(settings_of(tmp_path, text))


def test_an_inbox_whose_path_is_not_text_is_refused(tmp_path: Path) -> None:
    text = r'inboxes: [{name: a, url: "in\uDCFFbox"}]'
    with pytest.raises(SettingInvalid, match=r"url of inbox 1.*in\\xffbox.*UTF-8"):
        list_inboxes(settings_of(tmp_path, text))


def test_a_bucket_settles_for_a_tick_of_its_clock_at_least(tmp_path: Path) -> None:
    url = "s3://bucket/wire"
    entry = f"inboxes: [{{name: wire, url: '{url}', settle_s: 0.5}}]"
    with pytest.raises(SettingInvalid, match=r"settle time of .*wire.*0\.5.*1 s"):
        list_inboxes(settings_of(tmp_path, entry))
    hasty = read_settings({"COPYDESK_SETTLE_S": "0", "COPYDESK_INBOX": url})
    with pytest.raises(SettingInvalid, match=r"settle time of .*bucket"):
        list_inboxes(hasty)
    assert list_inboxes(replace(hasty, settle_s=1.0))
    assert list_inboxes(read_settings({"COPYDESK_SETTLE_S": "0"}, inbox=tmp_path))
    assert list_inboxes(read_settings({"COPYDESK_SETTLE_S": "0"}, inbox="sftp://host/folder"))


def test_an_inbox_that_a_person_names_stands_alone(tmp_path: Path) -> None:
    given = read_settings({"COPYDESK_INBOXES": "inboxes.yaml"}, inbox=tmp_path)
    assert [inbox.place for inbox in list_inboxes(given)] == [tmp_path]
