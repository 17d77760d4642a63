"""What the commands of `python -m include` do and print; the steps themselves stand in `steps`."""
