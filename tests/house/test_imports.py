"""The house rules of docs/architecture.md, checked against the source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# From the roof down: what stands on a floor imports from lower floors only. Rooms of one floor
# never import one another. A folder or file of `include/` that stands on no floor fails the test.
FLOORS = (
    {"dags", "plugins", "standalone", "__main__"},
    {"orchestration", "terminal", "desk"},
    {"pipeline"},
    {
        "config",
        "intake",
        "splitter",
        "quality",
        "lake",
        "warehouse",
        "analysis",
        "review",
        "engine",
        "alerts",
    },
    {"storage", "model", "telemetry"},
    {"schema", "errors", "text", "months", "given_names"},
)
HOMES = {
    "great_expectations": ("include/quality/",),
    "deltalake": ("include/lake/",),
    "duckdb": ("include/warehouse/", "include/quality/", "include/analysis/"),
    "fastapi": ("include/desk/", "include/orchestration/", "plugins/"),
    "airflow": ("dags/", "plugins/", "include/orchestration/", "include/standalone/"),
    "fsspec": ("include/storage/locations.py",),
    "paramiko": ("include/storage/ssh.py", "include/storage/sftp.py"),
    "tantivy": ("include/warehouse/search/",),
    "pyspark": ("include/engine/spark.py",),
    "py4j": ("include/engine/spark.py",),
    "plotext": ("include/terminal/plot.py",),
    "httpx": ("include/storage/web.py", "include/orchestration/desk_approvals.py"),
    "opentelemetry": ("include/telemetry/",),
    "polars": (
        "include/splitter/", "include/quality/", "include/lake/", "include/analysis/",
        "include/terminal/show.py",
    ),
}  # fmt: skip
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST = {"dags": 100, "include": 250, "plugins": 250}


@cache
def sources() -> tuple[Path, ...]:
    return tuple(
        sorted(p for top in ("include", "dags", "plugins") for p in (ROOT / top).rglob("*.py"))
    )


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write every import in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of_file(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1].removesuffix(".py") if parts[0] == "include" else parts[0]


def room_of_module(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "include" and len(parts) > 1 else None


def floor_of(room: str) -> int:
    (floor,) = (number for number, rooms in enumerate(FLOORS) if room in rooms)
    return floor


@pytest.mark.parametrize("path", sources(), ids=place)
def test_a_heavy_library_is_imported_in_its_home_only(path: Path) -> None:
    for module in imports_of(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or place(path).startswith(homes), f"{module} has no place here"


@pytest.mark.parametrize("path", sources(), ids=place)
def test_imports_run_downward_and_rooms_never_import_one_another(path: Path) -> None:
    own = room_of_file(path)
    if own == "__init__":
        return
    for module in imports_of(path):
        other = room_of_module(module)
        if other not in (None, own):
            assert floor_of(own) < floor_of(other), f"{own} may not import {module}"


def test_every_room_stands_on_one_floor() -> None:
    rooms = {room_of_file(path) for path in sources()} - {"__init__"}
    assert all(sum(room in floor for floor in FLOORS) == 1 for room in rooms), rooms


def test_there_is_no_import_cycle() -> None:
    names = {
        place(p).removesuffix(".py").removesuffix("/__init__").replace("/", "."): p
        for p in sources()
    }
    graph = {
        name: {m for m in imports_of(path) if m in names} - {name} for name, path in names.items()
    }
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"circle: {' → '.join((*above, name))}"
        if name not in done:
            for other in graph[name]:
                walk(other, (*above, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@pytest.mark.parametrize("path", sources(), ids=place)
def test_a_file_has_one_purpose_a_name_and_a_docstring(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in VAGUE
    assert len(text.splitlines()) <= LONGEST[place(path).split("/")[0]]
    assert ast.get_docstring(ast.parse(text)), "open the file with what it is for"
    if path.name == "__init__.py":
        assert len(ast.parse(text).body) == 1, "an __init__ holds a docstring and nothing else"


def test_every_folder_of_include_says_what_it_is_for() -> None:
    folders = {path.parent for path in sources() if place(path).startswith("include/")}
    assert [place(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_only_the_roof_reads_the_environment() -> None:
    readers = {place(p) for p in sources() if "os.environ" in p.read_text(encoding="utf-8")}
    allowed = (
        "dags/",
        "plugins/",
        "include/orchestration/",
        "include/standalone/",
        "include/__main__.py",
        "include/config/secrets.py",
    )
    assert all(reader.startswith(allowed) for reader in readers), readers


def test_plugins_hold_at_most_one_python_file() -> None:
    assert len(list((ROOT / "plugins").rglob("*.py"))) <= 1
