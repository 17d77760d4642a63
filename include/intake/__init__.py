"""
Intake: from the files of an inbox to batches of decoded pages, identified by content.

Read `inbox/` (list, settle, read) → `archives/` (what files and records a file holds) → `decoding/`
(bytes to text, with its encoding, markup and metadata) → `take`, which strings them together, and
`batch_builder`, which shares pages out into batches by size. Every file ends taken, rejected with a
reason, skipped or waiting.
"""
