"""
Roles: what each line is according to rules alone, and the reason in words.

`roles` assigns them; `start_signs` collects the signs that a story starts on a line; `remaining`
names the lines still open once stories are cut; `reasons` holds the wording.
"""
