"""
The splitter: from pages to stories and chrome. Pure and columnar; no I/O but its own models.

`split` is the way in. All lines of all pages of a batch are one table:
`lines/` finds the lines and what they look like → `chrome_book/` marks lines that an outlet repeats
→ `roles/` names each line's role → `features/` describes the lines in small whole numbers →
`model/` scores each line → `boundaries/` chooses the best cut of the whole page → `stories/`
assembles stories with their fields and exact spans; what is left is chrome with a reason.
`overrides` applies the corrections of people. The same bytes give the same stories on any machine.
"""
