"""Mutated inputs of every format that intake reads, and what an ingest of them must satisfy."""
