"""Mutated inputs of every format that intake reads, and checks of what an ingest does with them."""
