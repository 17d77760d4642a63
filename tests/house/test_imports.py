"""The house rules of docs/architecture.md, read off the source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("intake", "stories", "quality", "lake", "warehouse")
GROUND = (
    "errors", "ssh", "sftp", "links", "web", "place", "model", "column", "quality_columns",
    "review_columns", "revision_columns", "tending_columns", "resplit_columns", "columns",
    "quality_views", "warehouse_columns", "dictionary", "settings", "inboxes", "storage",
    "receipts", "sql",
)  # fmt: skip
HOMES = {
    "great_expectations": ("include/quality/",),
    "deltalake": ("include/lake/",),
    "duckdb": ("include/warehouse/", "include/quality/"),
    "airflow": ("dags/", "plugins/", "include/orchestration/"),
    "fsspec": ("include/place.py",),
    "paramiko": ("include/ssh.py", "include/sftp.py"),
    "httpx": ("include/web.py",),
    "polars": ("include/stories/", "include/quality/", "include/lake/", "include/terminal/show.py"),
}
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


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "include" and len(parts) > 1 else None


@pytest.mark.parametrize("path", sources(), ids=place)
def test_a_heavy_library_is_imported_in_its_home_only(path: Path) -> None:
    for module in imports_of(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or place(path).startswith(homes), f"{module} has no place here"


@pytest.mark.parametrize("path", sources(), ids=place)
def test_imports_run_downward_and_rooms_never_import_one_another(path: Path) -> None:
    own = (
        path.relative_to(ROOT / "include").parts[0].removesuffix(".py")
        if "include" in path.parts
        else "roof"
    )
    for module in imports_of(path):
        other = room_of(module)
        if other is None or other == own:
            continue
        if own in ROOMS:
            assert other in GROUND, f"a room imports {module}"
        if own in GROUND:
            assert GROUND.index(other) < GROUND.index(own) or own == "settings", (
                f"{module} is above"
            )


def test_there_is_no_circle() -> None:
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
def test_a_file_has_one_purpose_a_name_and_a_first_word(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in VAGUE
    assert len(text.splitlines()) <= LONGEST[place(path).split("/")[0]]
    assert ast.get_docstring(ast.parse(text)), "open the file with what it is for"
    if path.name == "__init__.py":
        assert len(ast.parse(text).body) == 1, "an __init__ holds a docstring and nothing else"


def test_only_the_roof_reads_the_environment() -> None:
    readers = {place(p) for p in sources() if "os.environ" in p.read_text(encoding="utf-8")}
    allowed = (
        "dags/",
        "plugins/",
        "include/orchestration/",
        "include/__main__.py",
        "include/secrets_check.py",
    )
    assert all(reader.startswith(allowed) for reader in readers), readers


def test_plugins_hold_at_most_one_python_file() -> None:
    assert len(list((ROOT / "plugins").rglob("*.py"))) <= 1
