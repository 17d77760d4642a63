"""Intake: from the files of an inbox to batches of decoded pages. Files are told by content, never by clock."""
