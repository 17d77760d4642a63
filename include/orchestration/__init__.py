"""
What Airflow's own processes import by path: the inbox trigger, listeners, callbacks, task bodies.

A class in a DAG file does not load in the triggerer, so it stands here. `events`, `inbox_trigger`
and `inbox_deliveries` watch inboxes; `deadlines` says when a run is late; `gate_task`,
`resplit_tasks` and `review_tasks` are what their DAGs run beyond a step; `run_params` and `run_ids`
check what a person typed; `run_notes`, `notices` and `links` tell people.
"""
