"""The analysis of landed stories."""
