"""
Revisions: stories removed from the lake, what replaced them, and what a re-split would change.

`matching` pairs old stories with new ones, `differences` describes a pair, `revisions` and
`resplits` write the two tables.
"""
