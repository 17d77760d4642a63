""".env.example names every variable, with the default that the code has."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from include.config.secrets import SECRETS, find_weak_secrets
from include.config.settings import PREFIX, ROOT, Settings, read_settings, variable_of


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda f: f.name)
def test_a_setting_stands_there_with_meaning_and_default(setting, example, example_text) -> None:
    variable = variable_of(setting)
    default = setting.default
    if isinstance(default, Path):
        default = default.relative_to(ROOT).as_posix()
    assert example[variable] == str(default)
    assert f"# {setting.metadata['meaning']}\n# {variable}=" in example_text


def test_every_variable_with_our_prefix_is_a_setting(example) -> None:
    names = {variable_of(setting) for setting in fields(Settings)}
    assert {name for name in example if name.startswith(PREFIX)} == names


def test_the_values_given_are_the_defaults(example) -> None:
    ours = {name: text for name, text in example.items() if name.startswith(PREFIX)}
    assert read_settings(ours) == Settings()


def test_every_variable_of_the_compose_file_stands_there(example, references) -> None:
    assert set(references) <= set(example)


def test_every_variable_that_stands_there_is_read(example, references) -> None:
    assert {name for name in example if not name.startswith(PREFIX)} <= set(references)


def test_the_defaults_are_those_of_the_compose_file(example, references) -> None:
    for name, forms in references.items():
        for rest in forms:
            if rest.startswith(":-"):
                assert rest.removeprefix(":-") == example[name], name


def test_the_example_is_refused_secret_by_secret(example) -> None:
    complaints = find_weak_secrets(example)
    assert len(complaints) == len(SECRETS)
    assert all("still has the value of .env.example" in complaint for complaint in complaints)
