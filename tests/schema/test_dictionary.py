from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from include.lake.delta.versions import read_version
from include.schema.dictionary import PATH, list_entries, render_dictionary
from include.schema.warehouse import MACROS, WAREHOUSE_TABLES
from include.warehouse.projection import COPIES
from include.warehouse.publish import publish_warehouse
from include.warehouse.queries import FOLDER
from tests.lake.builders import land_files, run_at

HEAD = ("grain", "reads", "gives", "why")


@pytest.fixture(scope="module", params=["empty", "filled"])
def catalog(request, tmp_path_factory):
    home: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "filled":
        land_files(home / "lake", run_at(0), {"a.txt": "S One|Body.\nAd\nQ Two|Bad."})
    publish_warehouse(lambda: read_version(home / "lake"), home / "w.duckdb", "400MB")
    with duckdb.connect(str(home / "w.duckdb"), read_only=True) as con:
        yield con


def test_the_data_dictionary_is_up_to_date():
    assert PATH.read_text(encoding="utf-8") == render_dictionary(), (
        "run `python -m include.schema.dictionary`"
    )


def test_the_warehouse_has_the_tables_and_columns_that_are_described(catalog):
    found = catalog.execute(
        "select schema_name || '.' || table_name, column_name, lower(data_type)"
        " from duckdb_columns() where not internal order by 1, column_index"
    ).fetchall()
    described = [
        (f"{e.schema_name}.{e.table_name}", e.column_name, e.type)
        for e in list_entries()
        if e.column_no
    ]

    assert [(t, c, k.replace('"', "")) for t, c, k in found] == sorted_by_table(described)


def test_only_what_is_partitioned_speaks_of_a_partition():
    for table in WAREHOUSE_TABLES:
        assert table.partition is None
        assert not [c.name for c in table.columns if "partition" in c.meaning], table.name


def sorted_by_table(rows: list[tuple]) -> list[tuple]:
    plain = [(table, column, kind.replace('"', "")) for table, column, kind in rows]
    return sorted(plain, key=lambda row: row[0])


def test_every_table_view_and_column_has_its_comment(catalog):
    tables = catalog.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables() where not internal"
        " union all"
        " select schema_name || '.' || view_name, comment from duckdb_views() where not internal"
    ).fetchall()
    columns = catalog.execute(
        "select schema_name || '.' || table_name, column_name, comment from duckdb_columns()"
        " where not internal"
    ).fetchall()

    assert dict(tables) == {table.name: table.grain for table in WAREHOUSE_TABLES}
    assert {(t, c): m for t, c, m in columns} == {
        (table.name, c.name): c.meaning for table in WAREHOUSE_TABLES for c in table.columns
    }


def test_every_macro_has_its_comment(catalog):
    found = catalog.execute(
        "select function_name, comment from duckdb_functions()"
        " where not internal and function_type = 'table_macro' order by 1"
    ).fetchall()

    assert dict(found) == {macro.name: macro.meaning for macro in MACROS}


def test_the_dictionary_is_a_table_too(catalog):
    count = len(list(list_entries()))

    assert catalog.execute("select count(*) from meta.data_dictionary").fetchall() == [(count,)]


def test_a_view_that_copies_a_lake_table_has_no_query_file():
    assert not [name for name in COPIES if (FOLDER / f"{name.replace('.', '_')}.sql").exists()]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sql")), ids=lambda path: path.stem)
def test_every_query_has_a_head_and_names_its_columns(path):
    text = path.read_text(encoding="utf-8")
    head = [line for line in text.splitlines() if line.startswith("--")]
    name = head[0].removeprefix("-- ").split(":")[0]

    assert name.replace(".", "_") == path.stem
    assert [key for key in HEAD if not any(line.startswith(f"-- {key} ") for line in head)] == []
    assert "select *" not in text
