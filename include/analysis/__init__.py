"""
Analysis: what stories say, and how they relate. Pure: Arrow tables in, Arrow tables out.

`analyzers` lists the marts that are derived from single stories; `apply` runs one analyzer.
Offsets count characters of a story's body, ends exclusive.
"""
