"""
Landing: commit a run's rows, all or nothing, and finish or undo a landing that was killed.

`rows` and `run_row` build the rows, `coverage` checks that every character is accounted for,
`arrivals` decides what each page becomes, `land` commits in order, `recover` finishes or undoes.
"""
