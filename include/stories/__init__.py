"""The splitter: pure, columnar, from pages to lines, roles, boundaries and stories."""
