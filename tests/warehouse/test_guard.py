"""SQL that a person types reads, and does nothing else: every way to write or look elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from include.errors import QueryRefused, UsageWrong
from include.lake.delta.time_travel import find_version
from include.lake.delta.versions import read_version
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import MEMORY, open_warehouse, run_query, run_query_at
from tests.lake.builders import land_files, run_at

PAGE = "S Ship sails|The ship left the port.\n\nS Rain|It rained all day."

READS = [
    "select 1",
    "from stories",
    "from stories; -- the; end",
    "select ';' as text;; /* ; */ -- ;",
    "/* first */ (select headline from stories) union all (select 'x')",
    "with a as (from stories) select headline from a order by 1",
    "with recursive n as (select 1 as i union all select i + 1 from n where i < 3) from n",
    "show tables",
    "show all tables",
    "describe stories",
    "summarize stories",
    "explain select 1",
    "explain analyze from stories",
    "values (1), (2)",
    "table stories",
    "pivot stories on outlet in ('x') using count(*)",
    "pivot stories on story_no using count(*)",
    "unpivot (select 1 as a, 2 as b) on a, b",
    "from why('a.txt')",
    "from search_stories('ship')",
    "from duckdb_tables()",
    "from pragma_table_info('stories')",
    "select 'copy x to y; delete from z' as text",
    'select 1 as "copy"',
]
# {lake}: a file of the lake; {new}: a new file in the lake's folder
WRITES = [
    "copy stories to '{lake}'",
    "copy stories to '{new}'",
    "copy (select 1) to '{new}' (format csv)",
    "COPY\n(select 1)\nTO '{new}'",
    "/* from */ copy (select 1) to '{new}'",
    "with a as (copy (select 1) to '{new}') from a",
    "with a as (copy (select 1) to '{new}') from stories union all from stories",
    "with a as (copy (select 1) to '{lake}' (format parquet)) select 1",
    "with b as (select 1), a as materialized (copy b to '{new}') from a",
    "with a as (with b as (copy (select 1) to '{new}') from b) from a",
    "from (with a as (copy (select 1) to '{new}') from a)",
    "select (with a as (copy (select 1) to '{new}') select 1 from a)",
    "from query('with a as (copy (select 1) to ''{new}'') from a')",
    "from query('copy (select 1) to ''{new}''')",
    "with a as (copy (select 1) to '{new}') pivot a on \"Count\" using count(*)",
    "from (pivot (with a as (copy (select 1) to '{new}') from a) on \"Count\" using count(*))",
    "copy (pivot stories on story_no using count(*)) to '{new}'",
    "create table t as pivot stories on story_no using count(*)",
    "explain copy (select 1) to '{new}'",
    "explain analyze copy (select 1) to '{new}'",
    "explain (analyze) copy (select 1) to '{new}'",
    "explain analyze with a as (copy (select 1) to '{new}') from a",
    "explain analyze explain analyze copy (select 1) to '{new}'",
    "select 1; copy (select 1) to '{new}'",
    "copy (select 1) to '{new}'; select 1",
    "set variable x = 1; select 1",
    "export database '{new}'",
    "import database '{new}'",
    "prepare p as copy (select 1) to '{new}'",
    "execute p",
    "deallocate p",
    "attach '{new}' as other",
    "attach ':memory:' as other",
    "detach warehouse",
    "use memory",
    "install httpfs",
    "load httpfs",
    "force install httpfs",
    "pragma database_list",
    "pragma enable_profiling",
    "call pragma_version()",
    "call enable_logging()",
    "set memory_limit = '9GB'",
    "set variable x = 1",
    "reset memory_limit",
    "set enable_external_access = true",
    "create table t (x int)",
    "create temp table t as from stories",
    "create or replace view stories as select 1",
    "create macro f() as 1",
    "create secret (type s3)",
    "create type t as enum ('a')",
    "create schema s",
    "insert into main.pages select * from main.pages",
    "with a as (select 1) insert into main.pages from a",
    "with a as (delete from main.pages returning *) from a",
    "update main.pages set name = 'x'",
    "delete from main.pages",
    "truncate main.pages",
    "merge into main.pages using stories on false when not matched then insert",
    "drop table main.pages",
    "alter table main.pages add column x int",
    "comment on table main.pages is 'x'",
    "begin transaction",
    "commit",
    "checkpoint",
    "vacuum",
    "analyze",
]
ELSEWHERE = [
    "from read_text('/etc/passwd')",
    "from read_csv('/etc/passwd')",
    "from read_blob('/proc/self/environ')",
    "from read_json('/etc/passwd')",
    "from read_parquet('/etc/passwd')",
    "from parquet_metadata('/etc/passwd')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/etc/*')",
    "from '/etc/passwd.csv'",
    "from read_text('../../../../../../etc/passwd')",
    "from read_text('{folder}/../../secret.txt')",
    "from read_text('file:///etc/passwd')",
    "from read_csv('http://127.0.0.1:9/x.csv')",
    "from read_csv('https://127.0.0.1:9/x.csv')",
    "from read_parquet('s3://bucket/x.parquet')",
    "from 'https://127.0.0.1:9/x.parquet'",
    "from query('from read_text(''/etc/passwd'')')",
    "from duckdb_secrets()",
    "explain analyze from read_text('/etc/passwd')",
]
SETTINGS = [
    "from enable_logging(storage = 'file', storage_path = '{new}')",
    "from enable_profiling(save_location = '{new}')",
    "select * into t from stories",
    "from nowhere",
    "select getenv('HOME')",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home: Path = tmp_path_factory.mktemp("it's home")
    (home.parent / "secret.txt").write_text("secret", encoding="utf-8")
    land_files(home / "lake", run_at(0), {"a.txt": PAGE})
    publish_warehouse(lambda: read_version(home / "lake"), home / "w.duckdb", MEMORY)
    return home


def digest(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fill(sql: str, home: Path) -> str:
    lake = next((home / "lake").rglob("*.parquet"))
    names = {"lake": lake, "new": home / "lake" / "new.out", "folder": home / "lake"}
    return sql.format(**{name: str(path).replace("'", "''") for name, path in names.items()})


@pytest.mark.parametrize("limit", [None, 5])
@pytest.mark.parametrize("sql", READS)
def test_statements_that_read_run(home: Path, sql: str, limit: int | None) -> None:
    assert run_query(home / "w.duckdb", sql, limit).num_columns > 0


@pytest.mark.parametrize("limit", [None, 5])
@pytest.mark.parametrize("sql", WRITES)
def test_statements_that_do_more_are_wrong_usage_and_change_no_file(
    home: Path, sql: str, limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = digest(home)
    with pytest.raises((UsageWrong, QueryRefused)) as caught:
        run_query(home / "w.duckdb", fill(sql, home), limit)
    assert digest(home) == before
    assert list(tmp_path.iterdir()) == []
    assert caught.value.value == fill(sql, home)
    if "syntax error" not in caught.value.way_out and "from query(" not in sql:
        assert isinstance(caught.value, UsageWrong)


@pytest.mark.parametrize("sql", ELSEWHERE)
def test_files_and_addresses_outside_the_lake_are_not_read(home: Path, sql: str) -> None:
    with pytest.raises((UsageWrong, QueryRefused)):
        run_query(home / "w.duckdb", fill(sql, home))


def test_a_read_elsewhere_is_wrong_usage_and_names_the_page_of_rules(home: Path) -> None:
    with pytest.raises(UsageWrong, match=r"/etc/passwd.*docs/security\.md"):
        run_query(home / "w.duckdb", "from read_text('/etc/passwd')")


@pytest.mark.parametrize("sql", SETTINGS)
def test_what_duckdb_refuses_changes_no_file(home: Path, sql: str) -> None:
    before = digest(home)
    with pytest.raises(QueryRefused):
        run_query(home / "w.duckdb", fill(sql, home))
    assert digest(home) == before


@pytest.mark.parametrize("sql", WRITES[:12] + ELSEWHERE[:3])
def test_a_past_version_is_as_guarded(home: Path, sql: str) -> None:
    before = digest(home)
    with pytest.raises(UsageWrong):
        run_query_at(find_version(home / "lake", 1).version, fill(sql, home), None, MEMORY)
    assert digest(home) == before


def test_a_syntax_error_points_into_the_statement_as_it_was_typed(home: Path) -> None:
    with pytest.raises(QueryRefused) as caught:
        run_query(home / "w.duckdb", "select headline,\n  body bodies texts\nfrom stories")
    assert "LINE 2:   body" in caught.value.way_out


def test_names_and_order_of_columns_and_rows_are_those_of_the_statement(home: Path) -> None:
    rows = run_query(home / "w.duckdb", "select 1 as a, headline as a from stories order by 2 desc")
    assert rows.column_names == ["a", "a"]
    assert rows.column(1).to_pylist() == ["Ship sails", "Rain"]


def test_no_function_that_writes_came_with_duckdb(home: Path) -> None:
    """A new version of DuckDB may bring functions that write: look at each before this list."""
    with open_warehouse(home / "w.duckdb") as con:
        known = {name for name, in con.sql(
            "select distinct function_name from duckdb_functions() where schema_name = 'main' "
            "and function_type = 'table' and regexp_matches(function_name, "
            "'write|export|copy|save|create|register|enable|execute|truncate|store|upload|send')"
        ).fetchall()}  # fmt: skip
    assert known == {
        "create_external_resource",  # knows no type of resource
        "deregister_external_resource",
        "register_external_resource",
        "register_external_resource_type",
        "enable_logging",  # the configuration is locked
        "enable_profiling",
        "json_execute_serialized_sql",  # selects alone
        "truncate_duckdb_logs",  # in memory
    }, duckdb.__version__
