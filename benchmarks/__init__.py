"""Measurements of speed, cost and memory; docs/performance.md holds what they showed."""
