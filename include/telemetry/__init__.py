"""Metrics and traces of our own, sent by OpenTelemetry if they are switched on."""
