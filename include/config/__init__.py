"""
Configuration: every setting, the inboxes, and how commands and secrets are written.

`settings` reads `COPYDESK_*` variables into one frozen `Settings`; `inboxes` reads the YAML file of
several inboxes, each with settings of its own; `commands` quotes commands for people to copy;
`secrets` checks the secrets of a docker-compose deployment and writes a new `.env`.
"""
