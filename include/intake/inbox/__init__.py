"""
The inbox: which files are there, which have settled, and their bytes.

`files` defines a listing, `listing` lists a folder and `remote` a store, `read` reads a file and
detects that it changes meanwhile. The inbox itself is never changed.
"""
