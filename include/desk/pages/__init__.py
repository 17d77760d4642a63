"""
The desk's pages, one module per page. Each has a `router`.
"""
