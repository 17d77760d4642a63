"""
The lake: Delta tables into which a run lands, all or nothing. Only this room imports deltalake.

`delta/` opens tables, versions and the lock → `ledger/` knows which deliveries and pages are
current → `landing/` commits a run and recovers one that was killed → `revisions/` records removed
stories and their replacements → `decisions/` stores people's decisions and the chrome book →
`reading/` reads pages and figures back → `marts/` lands what analysis derived from stories →
`maintenance/` compacts and vacuums.
"""
