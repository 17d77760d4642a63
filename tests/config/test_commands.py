"""What a person is told to type can be typed where they stand."""

import shlex
import sys
from pathlib import Path

import pytest

from include.config.commands import format_command, format_place
from include.config.settings import Settings


def test_a_command_names_the_interpreter_that_runs_and_the_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "it's $HOME")
    words = shlex.split(format_command(settings, ["query", "select 'a b'"]))
    assert words[1:] == ["-m", "include", "query", "--home", str(settings.home), "select 'a b'"]
    assert Path(words[0]).resolve() == Path(sys.executable).resolve()


@pytest.mark.parametrize("word", ['"', "$(date)", "`date`", "!!", "\\", "a\nb", "", "'"])
def test_every_argument_is_quoted_for_the_shell(word: str, tmp_path: Path) -> None:
    told = format_command(Settings(home=tmp_path), ["show", word])
    assert shlex.split(told)[-1] == word
    assert not set("$`!\\") & set(told) or "'" in told


def test_a_path_below_the_current_folder_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert format_place(tmp_path / "data" / "lake") == "data/lake"
    assert format_place(tmp_path.parent / "lake") == str(tmp_path.parent / "lake")
