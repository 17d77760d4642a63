"""
Stories: assemble story rows with their fields and spans from pages that have been cut.

`assemble` builds the rows; `attribution` finds byline, dateline and agencies, with `bylines`,
`dates` and `language`; `fields` puts the fields together, `fingerprint` makes ids and hashes.
"""
