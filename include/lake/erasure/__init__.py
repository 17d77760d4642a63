"""Erasure: removing pages from the lake for good, and the tombstones that are left."""
