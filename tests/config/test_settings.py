"""Settings come from the environment, whole, or not at all."""

from pathlib import Path

import pytest

from include.config.settings import ROOT, Settings, read_settings
from include.errors import SettingInvalid, SettingUnknown, UsageWrong


def test_no_variable_gives_the_defaults() -> None:
    assert read_settings({"PATH": "/bin"}) == Settings()


def test_a_typo_is_an_error_that_names_it() -> None:
    with pytest.raises(SettingUnknown, match="COPYDESK_HOEM"):
        read_settings({"COPYDESK_HOEM": "x"})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("COPYDESK_WORKERS", "two"),
        ("COPYDESK_WORKERS", "0"),
        ("COPYDESK_HOME", " "),
        ("COPYDESK_PORT", "99999"),
        ("COPYDESK_PORT", "-1"),
        ("COPYDESK_HTML_TEXT", "half"),
        ("COPYDESK_SAME_URL", "yes"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_that_names_it(variable: str, text: str) -> None:
    with pytest.raises(SettingInvalid, match=variable):
        read_settings({variable: text})


@pytest.mark.parametrize("workers", [0, -2])
def test_an_option_keeps_to_the_bounds_of_its_setting(workers: int) -> None:
    with pytest.raises(UsageWrong, match="--workers"):
        read_settings({}, workers=workers)


NOT_TEXT = "in\udcffbox"  # how Python holds the bytes in\xffbox


@pytest.mark.parametrize("name", ["HOME", "INBOX", "LAKE", "OUTLET"])
def test_a_value_that_is_not_utf_8_is_refused_byte_by_byte(name: str) -> None:
    with pytest.raises(SettingInvalid, match=rf"COPYDESK_{name}: b'in\\xffbox'.*UTF-8"):
        read_settings({f"COPYDESK_{name}": NOT_TEXT})


@pytest.mark.parametrize("name", ["home", "inbox"])
def test_a_folder_given_that_is_not_utf_8_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match=r"in\\xffbox'.*UTF-8"):
        read_settings({}, **{name: tmp_path / NOT_TEXT})


def test_the_inbox_lies_in_a_home_that_was_moved(tmp_path: Path) -> None:
    settings = read_settings({"COPYDESK_HOME": str(tmp_path)})
    assert settings.inbox == tmp_path / "inbox"
    assert settings.lake == tmp_path / "lake"


def test_a_relative_path_counts_from_the_project() -> None:
    assert read_settings({"COPYDESK_HOME": "elsewhere"}).home == ROOT / "elsewhere"


def test_arguments_win_over_the_environment(tmp_path: Path) -> None:
    settings = read_settings({"COPYDESK_WORKERS": "2"}, home=tmp_path, workers=3)
    assert (settings.workers, settings.home) == (3, tmp_path)
