"""
The chrome book: lines that an outlet repeats beside many different stories.

`learn` builds it from landed stories; `book` looks lines up in it while pages are split.
"""
