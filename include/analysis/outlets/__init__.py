"""
Outlets: say who published each story, from where, and how sure that is.

`table` reads the outlets that are known (`outlets.csv`: to add one, add a row), `clues` reads names
in a page's own text, `resolve` weighs all clues and gives one row per story. Unknown stays null.
"""
