"""
The splitter: from pages to stories and chrome. Pure and columnar; it reads no files but its model.

Start at `split`. All lines of all pages of a batch are one table:
`lines/` finds the lines and describes their appearance → `chrome_book/` marks lines an outlet
repeats → `roles/` names each line's role → `features/` turns lines into small whole numbers →
`model/` scores each line → `boundaries/` chooses the best segmentation of the page → `stories/`
assembles stories with their fields and exact spans; everything else is chrome with a reason.
`overrides` applies people's corrections. The same bytes give the same stories on any machine.
"""
