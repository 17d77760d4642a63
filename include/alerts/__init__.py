"""Alerts: what is wrong, which of it people already know, and what they should do."""
