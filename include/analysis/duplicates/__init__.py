"""Duplicates: the fingerprints of texts, by which copies are found."""
