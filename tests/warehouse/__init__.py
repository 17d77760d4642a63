"""What is published, and what readers meet."""
