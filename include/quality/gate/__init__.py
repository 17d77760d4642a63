"""
The gate: a run as a whole, judged before anything lands.

`figures` counts what the run's rules are about, `drift` compares with runs that landed before,
`gate` judges, `verdict` says what is broken; `data_docs` renders a page per run.
"""
