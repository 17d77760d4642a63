"""
The ledger: which files were delivered, and which pages are current.

`deliveries` reads it from the table `pages`, `current` decides which delivery of a name is the
newest and which pages are current; `index` with `index_rows` keeps that in SQLite, so that a run
costs what is new. `clock` keeps the order of runs when the clock is set back.
"""
