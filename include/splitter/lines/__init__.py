"""
Lines: the lines of a page, their spans, and what can be seen of each one alone.

`lines` finds them, `appearance` describes them with the phrases of `lexicon`; `keys` normalises a
line for comparison, `repeats` finds lines that stand twice on a page, `inline_chrome` cuts site
phrases out of prose.
"""
