"""
Analysis: what stories say, and how they relate. Pure: Arrow tables in, Arrow tables out.

`analyzers` lists what is derived from each story alone, one module per mart; `apply` runs it.
Offsets count characters of a story's body, ends exclusive.
"""
