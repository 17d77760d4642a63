"""Dates named in stories."""
