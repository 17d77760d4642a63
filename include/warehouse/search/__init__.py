"""
Full-text search of the current stories, by an index beside the warehouse.

`terms` cuts texts into the terms that are indexed, `grammar` parses queries, `index` is the Tantivy
index, `place` its folder, `update` brings it up to date with the warehouse, `find` ranks stories
and cuts snippets, `sql` adds the search to a connection, `ask` is the search from Python.
"""
