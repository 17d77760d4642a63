"""
Archives: the files and records inside a file, in order, within limits.

`content` recognises what a file is; `unpack` walks into it, `limits` bounds depth, members and
expansion. `zip_tar`, `warc` (with `http_body`), `mail`, `json_records` and `compression` read one
format each, `buffers` keeps large members on disk.
"""
