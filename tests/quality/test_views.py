"""The views of schema `quality`, each over a few rows whose answer a person can count."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from include.config.settings import ROOT

SQL = ROOT / "include" / "warehouse" / "sql"
DAY = date(2026, 11, 2)


@pytest.fixture
def ask():
    """Give a question: make tables of rows (dicts of one shape), and read a view over them."""
    with duckdb.connect(":memory:") as con:
        con.execute(
            "set timezone = 'UTC'; create schema quality; create schema meta;"
            "create schema marts; create schema lake"
        )

        def read(view, **tables):
            for name, (columns, rows) in tables.items():
                con.execute(f"create table {name.replace('__', '.')} ({columns})")
                marks = ", ".join("?" * len(rows[0])) if rows else ""
                for row in rows:
                    con.execute(f"insert into {name.replace('__', '.')} values ({marks})", row)
            query = (SQL / f"quality_{view}.sql").read_text()
            found = con.sql(f"from ({query}) order by all")
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

        yield read


LANDED = "outlet text, story_id text, confidence double, quality_flags text[]"
BUDGETED = "ingested_at timestamptz, stories_found bigint, stories_quarantined bigint, kind text"
CAME = "page_id text, ingested_at timestamptz, outcome text"
DECIDED = (
    "page_id text, story_id text, text_hash text, decision text, outcome text, "
    "decided_at timestamptz"
)
ASIDE = f"{LANDED}, failed_rules text[]"


def test_the_worst_outlet_shows_its_worst_rule(ask):
    post, anonymous = ask(
        "worst_outlets",
        main__story_list=(LANDED, [["Post", "a", 0.8, []], ["Post", "b", 0.6, ["text.lost"]],
                                [None, "c", 0.9, []]]),
        quality__quarantine_list=(ASIDE, [["Post", "d", 0.4, ["text.lost"], ["chrome.none"]]]),
    )  # fmt: skip
    assert (post["outlet"], post["stories"], post["quarantined"], post["flagged"]) == (
        "Post", 3, 1, 1,
    )  # fmt: skip
    assert (post["worst_rule"], post["worst_rule_stories"]) == ("text.lost", 2)
    assert (post["quarantined_share"], post["broken_share"]) == (1 / 3, 2 / 3)
    assert (anonymous["outlet"], anonymous["worst_rule"]) == (None, None)


def test_rules_that_break_together_are_counted_once_a_story(ask):
    rows = ask(
        "rule_pairs",
        main__story_list=(LANDED, [["x", "a", 1, ["one", "two"]], ["x", "b", 1, ["two"]]]),
        quality__quarantine_list=(ASIDE, [["x", "c", 1, ["one"], ["two"]]]),
    )
    (pair,) = rows
    assert (pair["rule_id"], pair["with_rule"], pair["stories"]) == ("one", "two", 2)
    assert (pair["rule_stories"], pair["with_rule_stories"], pair["overlap"]) == (2, 3, 2 / 3)


def test_the_budget_counts_28_days_of_new_stories_and_what_is_left_of_them(ask):
    begun = datetime(2026, 10, 1, 6, tzinfo=UTC)
    runs = [[begun, 1000, 4, None], [begun + timedelta(days=27), 500, 3, "ingest"],
            [begun + timedelta(days=27), 900, 900, "resplit"],
            [begun + timedelta(days=28), 500, 30, "ingest"]]  # fmt: skip
    first, second, third = ask(
        "error_budget",
        meta__runs=(BUDGETED, runs), meta__deliveries=(CAME, []), lake__reviews=(DECIDED, []),
    )  # fmt: skip
    assert (first["allowed_28d"], first["left_28d"]) == (10, 6)
    assert (second["stories_28d"], second["left_28d"]) == (1500, 8)
    assert (third["stories_28d"], third["quarantined_28d"], third["left_28d"]) == (1000, 33, -23)
    assert third["used_share"] == pytest.approx(3.3)


def test_a_story_that_a_person_released_spends_nothing_of_the_budget(ask):
    begun = datetime(2026, 10, 1, 6, tzinfo=UTC)
    later = begun + timedelta(days=2)
    (row,) = ask(
        "error_budget",
        meta__runs=(BUDGETED, [[begun, 41, 4, "ingest"]]),
        meta__deliveries=(CAME, [["p", begun, "landed"], ["p", later, "resplit"]]),
        lake__reviews=(DECIDED, [
            ["p", "released", "1", "reject", "applied", begun],
            ["p", "released", "1", "release", "applied", later],
            ["p", "taken back", "1", "release", "applied", begun],
            ["p", "taken back", "1", "reject", "applied", later],
            ["p", "too late", "1", "release", "stale", later],
        ]),
    )  # fmt: skip
    assert (row["quarantined"], row["quarantined_28d"]) == (3, 3)
    assert row["allowed_28d"] == pytest.approx(0.41), "the share is of the same figure"
    assert row["left_28d"] == pytest.approx(0.41 - 3)
    assert row["used_share"] == pytest.approx(3 / row["allowed_28d"])


def test_an_outlet_that_fell_silent_is_told_from_one_that_is_rare(ask):
    def heard(outlet, *days):
        return [[outlet, DAY - timedelta(days=day), 2 if day == 2 else 1, None] for day in days]

    run = datetime(DAY.year, DAY.month, DAY.day, 6, tzinfo=UTC)
    daily, new, rare, silent = ask(
        "freshness",
        marts__outlet_daily=(
            "outlet text, ingest_day date, stories bigint, last_published_at timestamptz",
            heard("Daily", 0, 1, 2) + heard("New", 9) + heard("Rare", 20, 30, 40)
            + heard("Silent", 7, 8, 9) + heard(None, 5),
        ),
        meta__runs=("ingested_at timestamptz", [[run]]),
    )  # fmt: skip
    assert [row["is_silent"] for row in (daily, new, rare, silent)] == [False, False, False, True]
    assert (daily["stories"], daily["days_heard"], daily["usual_gap_days"]) == (4, 3, 1)
    assert (silent["outlet"], silent["silent_days"], silent["last_day"]) == (
        "Silent", 7, DAY - timedelta(days=7),
    )  # fmt: skip
    assert (new["usual_gap_days"], rare["silent_days"]) == (None, 20)
