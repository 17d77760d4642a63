"""
The commands of `python -m include`: what each does and prints.

One module per command (`ingest`, `split`, `show`, `why`, `correct`, `query`, `resplit`, `tend`).
`report`, `rows`, `table` and `page_layout` lay out what they print. The work itself is in
`pipeline/`.
"""
