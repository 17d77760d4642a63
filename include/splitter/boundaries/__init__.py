"""
Boundaries: find the best way to cut a page into stories.

`start_candidates` and `cut_points` say where a cut may be, `segments` describes what lies between
two cuts, `decoder` finds the best sequence of segments, `boundaries` calls them in turn.
"""
