"""
The ledger: which files were delivered, and which pages are current.

`deliveries` reads it from the table `pages`, `current` decides which delivery of a name is the
newest and which pages are current; `index` with `index_rows` caches that in SQLite, so that a run's
cost depends on new files only. `clock` keeps runs in order when the clock is set back.
"""
