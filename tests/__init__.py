"""The tests, laid out as `include/` is."""
