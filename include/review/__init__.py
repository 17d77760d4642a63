"""
Review: what a person is shown and asked, and what an answer means. Pure.

`cases` presents a quarantined story, `corrections` reads what was typed; `resplit_summary` and
`resplit_page` show what a re-split would change.
"""
