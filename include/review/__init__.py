"""What a person is asked about a story that was set aside, and what an answer says. Pure."""
