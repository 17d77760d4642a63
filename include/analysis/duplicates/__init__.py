"""Duplicates: find texts that copy one another, by fingerprints and then word for word."""
