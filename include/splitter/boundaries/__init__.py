"""
Boundaries: the best way to cut a page into stories.

`start_candidates` and `cut_points` say where a cut may be, `segments` scores what lies between two
cuts, `decoder` finds the best sequence of segments, `boundaries` strings them together.
"""
