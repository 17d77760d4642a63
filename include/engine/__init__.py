"""
Where batches are worked through: in processes of this machine, or on a Spark cluster.

An engine calls a step for each of some items and returns the results in order; it knows neither
stories nor the lake. `door` opens an engine; `workers` and `local` are this machine's, `spark` the
cluster's; `outcomes` says what becomes of an item that fails.
"""
