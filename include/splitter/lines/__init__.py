"""
Lines: the lines of a page, their spans, and what each looks like on its own.

`lines` finds them, `appearance` describes them with the phrases of `lexicon`; `keys` normalises a
line for comparison, `patterns` keeps regular expressions compiled, `repeats` finds lines that occur
twice on a page, `inline_chrome` cuts site phrases out of prose.
"""
