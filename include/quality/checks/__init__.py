"""
Checks: the columns that rules check, and their evaluation.

`readings` and `derive` compute columns from stories, in Arrow and DuckDB; `great_expectations`
validates them; `results` tabulates the findings.
"""
