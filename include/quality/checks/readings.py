"""
Readings: what a suite derives straight from a text, read by Polars as the text streams by.

A derived column that is nothing but one of the forms below is plain SQL, and means what DuckDB
says; Polars gives the same at a third to a fortieth of the cost (a test holds the two together).
A class of more than ten characters is no quicker here: DuckDB and Polars then both go by automaton.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl
import pyarrow as pa

LENGTH = re.compile(r"length\((?P<text>\w+)\)")
ENDS = re.compile(r"(?P<side>left|right)\((?P<text>\w+), (?P<chars>\d+)\)")
COUNT = re.compile(r"len\(regexp_extract_all\((?P<text>\w+), '(?P<sought>[^']+)'\)\)")
# Literals, classes and | alone: of words, cases and repeats RE2 and Rust differ in the small print.
ALIKE = re.compile(r"(?:\\x(?:\{[0-9A-F]+\}|[0-9A-F]{2})|[^\\().*+?^${}])+")


def plan_readings(derive: Mapping[str, str], schema: pa.Schema) -> dict[str, pl.Expr]:
    """Give, of a suite's derived columns, those that Polars reads off a text column of `schema`."""
    texts = {field.name for field in schema if pa.types.is_string(field.type)}
    read = {name: _read(sql.strip(), texts) for name, sql in derive.items()}
    return {name: expr for name, expr in read.items() if expr is not None}


def add_readings(rows: pa.RecordBatch, readings: Mapping[str, pl.Expr]) -> pa.RecordBatch:
    """Give the rows with a column a reading: int64 for counts, text for ends (not copied)."""
    names = dict.fromkeys(expr.meta.root_names()[0] for expr in readings.values())
    texts = pl.DataFrame({name: pl.from_arrow(rows.column(name)) for name in names})
    # lazily, since families derive the same lengths under names of their own
    read = texts.lazy().select(**readings).collect() if readings else texts
    for name in readings:
        rows = rows.append_column(name, read[name].to_arrow(compat_level=pl.CompatLevel.newest()))
    return rows


def _read(sql: str, texts: set[str]) -> pl.Expr | None:
    """Give the expression that reads what the SQL says; None where it says something else."""
    for form in (LENGTH, ENDS, COUNT):
        asked = form.fullmatch(sql)
        if asked and asked["text"] in texts:
            return _express(asked.groupdict())
    return None


def _express(asked: Mapping[str, str]) -> pl.Expr | None:
    text = pl.col(asked["text"]).str
    if "side" in asked:
        chars = int(asked["chars"])
        return text.head(chars) if asked["side"] == "left" else text.tail(chars)
    if "sought" not in asked:
        return text.len_chars().cast(pl.Int64)
    return (
        text.count_matches(asked["sought"]).cast(pl.Int64)
        if ALIKE.fullmatch(asked["sought"])
        else None
    )
