from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from include.errors import NotFound, QueryRefused, UsageWrong, WarehouseHeld, WarehouseMissing
from include.lake.delta.versions import read_version
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import landed_stories, read_runs, read_status, run_query
from include.warehouse.why import read_why
from tests.lake.builders import land_files, run_at

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down."
Q = 'Q Brief|Bad.\nS O\'Hara; drop table stories--|She said "100%_".'
HOSTILE = ["'", "';drop table x;--", "%", "_", "\\", "$key", "{}", "\U0001f6a2", "a" * 10_000, ""]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    home: Path = tmp_path_factory.mktemp("it's home")
    land_files(home / "lake", run_at(0), {"a.txt": A, "x/b.txt": Q, "c.txt": "<html>"})
    files = {"a.txt": B, "x/b.txt": Q, "c.txt": "<html>", "copy.txt": A + "\nMore", "d.txt": B}
    land_files(home / "lake", run_at(1), {**files, "d.txt": B + "\nMore"})
    publish_warehouse(lambda: read_version(home / "lake"), home / "w.duckdb", "400MB")
    return home / "w.duckdb"


def test_a_query_gives_an_arrow_table_of_at_most_the_limit(warehouse):
    assert run_query(warehouse, "select headline from stories").num_rows == 5
    assert run_query(warehouse, "select headline from stories", limit=2).num_rows == 2


@pytest.mark.parametrize(
    "sql",
    [
        "select nothing",
        "selec 1",
        "select 1 // 'x'",
    ],
)
def test_what_duckdb_refuses_is_refused_in_its_own_words(warehouse, sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryRefused, match=r"Error: "):
        run_query(warehouse, sql)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql", ["", " ; -- nothing", "select 1; select 2", "from stories; select 2"]
)
def test_a_query_returns_every_row(warehouse, sql):
    with pytest.raises(UsageWrong):
        run_query(warehouse, sql)


def test_duckdbs_own_hints_are_passed_on_where_they_speak_of_the_sql(warehouse):
    with pytest.raises(QueryRefused) as caught:
        run_query(warehouse, "select hedline from stories")
    assert '"headline"' in caught.value.way_out.splitlines()[1]
    with pytest.raises(QueryRefused) as caught:
        run_query(warehouse, "select headline from stories were words > 1")
    assert caught.value.way_out.splitlines()[-1].strip("^ ") == ""


@pytest.mark.parametrize(
    "sql", ["select body::int from stories", "select strptime(body, '%Y') from stories"]
)
def test_only_the_first_line_of_an_error_that_may_quote_a_story_is_shown(warehouse, sql):
    with pytest.raises(QueryRefused) as caught:
        run_query(warehouse, sql)
    assert "\n" not in caught.value.way_out


def test_no_warehouse_says_to_ingest_first(tmp_path):
    with pytest.raises(WarehouseMissing, match="ingest"):
        run_query(tmp_path / "none.duckdb", "select 1")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "w.duckdb"
    path.write_text("not a database, whatever its name")

    with pytest.raises(QueryRefused):
        read_status(path)


def test_a_file_that_is_held_for_writing_names_the_holder(tmp_path):
    path = tmp_path / "w.duckdb"
    script = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]);"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WarehouseHeld, match=str(holder.pid)) as caught:
            read_status(path)
        assert caught.value.way_out.endswith("Then ask again.")


def test_landed_stories_lists_one_run_or_all_runs(warehouse):
    assert landed_stories(warehouse).num_rows == 5
    first = landed_stories(warehouse, "cli__000").to_pylist()
    assert [row["source_name"] for row in first] == ["x/b.txt"]
    assert landed_stories(warehouse, "no' or 1=1 --").num_rows == 0


def test_the_status_sums_up_what_stands(warehouse):
    (row,) = read_status(warehouse).to_pylist()

    assert (row["deliveries"], row["rejected"], row["pages"]) == (6, 1, 4)
    outcomes = (
        "landed",
        "no_story",
        "rejected",
        "redelivered",
        "unpacked",
        "split_again",
        "replaced",
    )
    assert sum(row[name] for name in outcomes) == row["deliveries"]
    assert (row["stories"], row["quarantined"], row["later_copies"]) == (5, 1, 1)
    assert (row["runs"], row["last_run_id"]) == (2, "cli__001")
    assert [run["run_id"] for run in read_runs(warehouse).to_pylist()] == ["cli__001", "cli__000"]
    assert read_runs(warehouse, 1).num_rows == 1


def test_the_last_run_is_the_one_that_landed_last_whenever_it_began(tmp_path):
    lake, target = tmp_path / "lake", tmp_path / "w.duckdb"
    slow, quick = run_at(0, "cli__slow"), run_at(5, "cli__quick")
    land_files(lake, quick, {"a.txt": A}, quick.started_at)
    land_files(lake, slow, {"a.txt": A, "b.txt": B}, quick.started_at + timedelta(minutes=1))
    publish_warehouse(lambda: read_version(lake), target, "400MB")

    assert [run["version"] for run in read_runs(target).to_pylist()] == [2, 1]
    assert read_status(target)["last_run_id"].to_pylist() == ["cli__slow"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(warehouse, text):
    with pytest.raises(NotFound):
        read_why(warehouse, text, 9, 9)
    assert landed_stories(warehouse, text).num_rows == 0
    quoted = text.replace("'", "''")
    for macro in ("search_stories", "why", "story_in_page"):
        assert run_query(warehouse, f"from {macro}('{quoted}')").num_rows <= 5


@pytest.mark.parametrize(
    ("text", "found"), [("RAIN", 1), ("100%_", 1), ("o'hara", 1), ("100__", 0), ("went down", 2)]
)
def test_search_finds_words_and_no_patterns(warehouse, text, found):
    quoted = text.replace("'", "''")

    assert run_query(warehouse, f"from search_stories('{quoted}')").num_rows == found


def test_why_tells_every_delivery_of_a_file(warehouse):
    rows = run_query(warehouse, "from why('a.txt')").to_pylist()

    assert [(row["run_id"], row["verdict"]) for row in rows] == [
        ("cli__001", "landed"),
        ("cli__000", None),
    ]


def test_a_story_is_shown_in_its_page(warehouse):
    story = "select story_id from stories where source_name = 'copy.txt' limit 1"
    sql = f"from story_in_page(({story}))"
    rows = run_query(warehouse, sql).to_pylist()

    assert [row["role"] for row in rows] == [
        "headline", "body", "advert", "headline", "body", "advert",
    ]  # fmt: skip
    assert {row["story_no"] for row in rows if row["is_it"]} <= {1, 2}
