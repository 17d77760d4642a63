"""Marts: find the landed stories that a mart lacks, and land the rows derived from them."""
