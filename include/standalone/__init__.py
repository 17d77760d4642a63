"""
The embedded Airflow of `make run`, `up`, `down` and `doctor`: one machine, SQLite, no services.

`commands` are the make targets; `environment` configures Airflow, `launch` starts its processes
under the `supervisor`, `progress` shows a run. `watch` and `signs` find what does not move, which
the supervisor restarts. `doctor` checks, `day_report` tells of the last 24 hours.
"""
