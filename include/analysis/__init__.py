"""
Analysis: read the landed stories and derive quotes, outlets, entities, duplicates and events.

Pure: each module takes a frame of stories and gives a frame of rows. Offsets count characters of a
story's body, ends exclusive.
"""
