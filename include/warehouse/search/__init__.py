"""
Full-text search of the current stories: the index beside the warehouse, and what asks it.

`terms` cuts texts into the terms that are indexed, `grammar` parses what a person asks, `index` is
the Tantivy index, `update` makes it follow the warehouse, `find` ranks stories and cuts snippets,
`sql` adds the search to a connection.
"""
