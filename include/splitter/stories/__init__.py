"""
Stories: from the cut page to story rows with their fields and spans.

`assemble` builds the rows; `attribution` finds byline, dateline and agencies, with `bylines`,
`dates` and `language`; `fields` puts the fields together, `fingerprint` makes ids and hashes.
"""
