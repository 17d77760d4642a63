"""What Airflow's own processes import by path: the inbox trigger, callbacks, the local launcher."""
