"""Intake: from the files of an inbox to batches of decoded pages, told by content, not by clock."""
