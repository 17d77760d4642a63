"""All of Copydesk that is true without Airflow; only `include.orchestration` imports Airflow."""
