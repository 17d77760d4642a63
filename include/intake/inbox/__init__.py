"""
The inbox: which files are there, which have settled, and their bytes.

`files` defines what a listing says, `listing` lists a folder, `remote` a store; `read` reads a file
and notices when it changes meanwhile. The inbox itself is never changed.
"""
