"""
Review: render what a person is asked to decide, and parse the answer. Pure functions.

`cases` presents a quarantined story, `corrections` parses what was typed; `resplit_summary` and
`resplit_page` show what a re-split would change.
"""
