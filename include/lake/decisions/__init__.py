"""Decisions: people's decisions about stories and splits, and the learnt chrome book."""
