"""
Decoding: from a file's bytes to the text of a page, with how it was decoded.

Start with `page`, which decides (text, HTML, JSON, binary) with `signatures` and `sniff`. `decode`
finds the encoding with `unicode`, `single_byte`, `east_asian` and `alphabets`; `html`, `markdown`
and `records` extract text and metadata, which `metadata`, `times` and `json_ld` parse; `flags`
names what looks wrong with the result.
"""
