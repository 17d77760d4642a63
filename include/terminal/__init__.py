"""The commands of `python -m include`: what they do and print. The steps stand in `pipeline`."""
