"""
Intake: from the files of an inbox to batches of decoded pages, identified by content.

Read `inbox/` (list, settle, read) → `archives/` (what files and records a file holds) → `decoding/`
(bytes to text, with its encoding, markup and metadata) → `parser`, which joins these two, and
`isolation`, which runs it in a process of its own (`parser_process`) with a budget → `take`, which
asks the ledger what is new and fills batches (`batch_builder`). Every file ends taken, rejected
with a reason (`failures`), skipped or waiting.
"""
