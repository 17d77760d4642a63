"""Who published each story."""
