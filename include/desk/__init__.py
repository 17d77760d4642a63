"""
The Story Desk: pages in which people read, search, check and correct what has landed.

One FastAPI app, without Airflow: `plugins/copydesk.py` mounts it in Airflow's web server, and
`python -m include desk` serves it alone. It reads the published warehouse; what a person decides
goes through the same steps as at the terminal.
"""
