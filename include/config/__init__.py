"""
Configuration: all settings, the inboxes, commands for people to copy, and secrets.

`settings` reads `COPYDESK_*` variables into one frozen `Settings`, with `values` for each of them;
`inboxes` reads the YAML file of several inboxes, each with its own settings; `commands` quotes
commands for people to copy; `secrets` checks the secrets of a docker-compose deployment and writes
a new `.env`.
"""
