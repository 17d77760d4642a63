"""
Suites: the rules, as reviewed YAML files, and what makes a suite valid.

`rules` defines `Rule` and `Suite`, `suite` loads the files beside it, `validate` refuses a rule
that cannot mean what it says, `describe` renders the table of docs/quality.md.
"""
