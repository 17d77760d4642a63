"""Reading: pages, stories and run figures back from the lake."""
