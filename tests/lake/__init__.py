"""What lands, and what stands after it."""
