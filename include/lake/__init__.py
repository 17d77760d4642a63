"""The lake: Delta tables, landed all or nothing. The only home of deltalake."""
