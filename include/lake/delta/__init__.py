"""Delta: tables, their versions and files, the lock that writers hold, time travel."""
