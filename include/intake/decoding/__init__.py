"""
Decoding: from a file's bytes to the text of a page, with how it was decoded.

`page` decides (text, HTML, binary) by `signatures` and `sniff`; `decode` finds the encoding with
`unicode`, `single_byte`, `east_asian` and `alphabets`; `html` extracts text and `metadata` the
facts given beside it; `flags` names what looks wrong with the result.
"""
