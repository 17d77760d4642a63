"""The image holds what the compose file runs, at the versions that are tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# flask-appbuilder, the login of production, takes python-dateutil below 3.
PARTED = {"python-dateutil"}


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def read_pins(lock: Path) -> dict[str, str]:
    """Read a lock: package to version and marker."""
    pins = re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", lock.read_text(), re.MULTILINE)
    return dict(pins)


def test_the_base_image_is_the_airflow_and_python_that_are_tested(root, dockerfile) -> None:
    airflow = read_pins(root / "requirements.txt")["apache-airflow"]
    python = re.search(r'requires-python = ">=([\d.]+)"', (root / "pyproject.toml").read_text())
    assert re.findall(r"^FROM (\S+)$", dockerfile, re.MULTILINE) == [
        f"apache/airflow:{airflow}-python{python.group(1)}"
    ]


def test_what_the_clone_fetched_does_not_get_into_the_image(root) -> None:
    assert "**/node_modules/" in (root / ".dockerignore").read_text().splitlines()


def test_what_is_copied_exists_and_is_not_ignored(root, dockerfile) -> None:
    sources = re.findall(r"^COPY --chown=50000:0 (\S+) ", dockerfile, re.MULTILINE)
    allowed = re.findall(r"^!(.+)$", (root / ".dockerignore").read_text(), re.MULTILINE)
    of_assets = re.findall(r"^COPY (?:--from=assets|include/)", dockerfile, re.MULTILINE)
    assert len(sources) + len(of_assets) == len(re.findall("^COPY", dockerfile, re.MULTILINE))
    assert sorted(sources) == sorted(allowed)
    assert all((root / source).exists() for source in sources)


def test_the_image_does_not_run_as_root(dockerfile) -> None:
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)[-1] == "50000:0"


def test_compose_looks_for_the_code_where_the_image_has_it(dockerfile, services) -> None:
    environment = services["worker"]["environment"]
    assert "WORKDIR /opt/copydesk\n" in dockerfile
    assert "PYTHONPATH=/opt/copydesk " in dockerfile
    for option, folder in (("DAGS_FOLDER", "dags"), ("PLUGINS_FOLDER", "plugins")):
        assert environment[f"AIRFLOW__CORE__{option}"] == f"/opt/copydesk/{folder}"
        assert f"COPY --chown=50000:0 {folder} ./{folder}\n" in dockerfile


def test_every_folder_under_a_volume_belongs_to_the_images_user(dockerfile, services) -> None:
    made = re.search(r"install -d -o 50000 -g 0 -m 0775 (.+)", dockerfile).group(1).split()
    for name in ("api-server", "scheduler", "dag-processor", "triggerer", "worker"):
        assert {mount.split(":/")[1].split(":")[0] for mount in services[name]["volumes"]} <= {
            folder.removeprefix("/") for folder in made
        }


def test_bytecode_is_kept(dockerfile) -> None:
    assert "compileall" in dockerfile
    assert not re.search(r"^(ENV|ARG).*PYTHONDONTWRITEBYTECODE", dockerfile, re.MULTILINE)


def test_the_image_installs_the_lock_and_nothing_else(dockerfile) -> None:
    installs = re.findall(r"pip install (.+?)&&", dockerfile)
    assert len(installs) == 1
    assert {"--require-hashes", "--no-deps", "requirements-production.txt"} <= set(
        installs[0].split()
    )


def test_both_locks_pin_the_same_versions(root) -> None:
    tested = read_pins(root / "requirements.txt")
    deployed = read_pins(root / "requirements-production.txt")
    apart = {
        name: (version, deployed.get(name))
        for name, version in tested.items()
        if deployed.get(name) != version
    }
    assert set(apart) <= PARTED, f"run make lock: {apart}"


def test_the_lock_has_what_the_compose_file_names(root) -> None:
    deployed = read_pins(root / "requirements-production.txt")
    assert {"redis", "psycopg2-binary", "apache-airflow-providers-fab"} <= set(deployed)
    assert tuple(int(part) for part in deployed["celery"].split(".")[:2]) < (5, 7)
