"""Delta: tables, their versions and files, the writers' lock, and time travel."""
