"""
Outlets: find who published each story, what says so, and how sure that is.

`table` reads the table of outlets (`outlets.csv`: to add an outlet, add a row), `clues` reads names
in a page's own text, `resolve` weighs all clues and gives one row per story: null if unknown.
"""
