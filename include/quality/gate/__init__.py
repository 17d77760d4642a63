"""
The gate judges a run as a whole before anything lands.

`figures` computes the run's figures, `drift` compares them with earlier runs that landed,
`gate` judges, `verdict` reports what is broken.
"""
