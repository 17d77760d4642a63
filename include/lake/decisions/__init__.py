"""Decisions: what people decided about stories and splits, and the learnt chrome book."""
