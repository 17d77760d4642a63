"""
The embedded Airflow of `make run`, `up`, `down` and `doctor`: one machine, SQLite, no services.

`commands` are the make targets; `environment` configures Airflow, `launch` starts its processes
under the `supervisor`, `progress` shows a run, `doctor` says how it is.
"""
