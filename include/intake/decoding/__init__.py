"""
Decoding: from a file's bytes to the text of a page, with how it was decoded.

Start with `page`, which decides (text, HTML, JSON, binary) with `signatures` and `sniff`. `decode`
finds the encoding with `unicode`, `single_byte`, `east_asian` and `alphabets`; `html` extracts text
and `metadata` parses outlet, URL, title and dates; `flags` names what looks wrong with the result.
"""
