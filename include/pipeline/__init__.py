"""
The pipeline: the use cases, one module per step. `steps` is the table of contents.

A step reads the receipt of the step before, calls rooms, and leaves a receipt, whose path is all
that travels; so Airflow, the terminal and a cluster run the same steps, and each may run twice.
`receipts` defines them, `batches` what lies beside them. New pages: `intake`, `split`, `judge`,
`gate`, `land`, `publish`; pages of the lake: `recall`, `resplit`, `review`, `corrections`,
`regression_cases`; marts: `analysis`, `pairing`, `grouping`; upkeep: `maintenance`, `cleanup`.
"""
