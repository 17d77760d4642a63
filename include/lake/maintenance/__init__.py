"""Maintenance: compaction, vacuum, and the evidence that the chrome book is learnt from."""
