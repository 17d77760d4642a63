"""
The lake: Delta tables that a run lands into, all or nothing. The only home of deltalake.

`delta/` opens tables, versions and the lock → `ledger/` knows which deliveries and pages are
current → `landing/` commits a run and recovers one that was killed → `revisions/` records what left
and what replaced it → `decisions/` keeps what people decided and the chrome book → `reading/` gives
pages and figures back → `maintenance/` compacts and vacuums.
"""
