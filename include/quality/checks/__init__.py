"""
Checks: the figures that rules look at, and their evaluation.

`readings` and `derive` compute columns from stories, in Arrow and DuckDB; `great_expectations`
validates them; `results` tabulates what was found.
"""
