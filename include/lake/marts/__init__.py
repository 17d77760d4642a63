"""Marts: which landed stories a mart has not seen yet, and landing what was derived from them."""
