"""
Roles: what each line is by rule alone, and the reason in words.

`roles` names them; `start_signs` finds lines on which a story may start, `remaining` names what no
story took; `reasons` holds the words.
"""
