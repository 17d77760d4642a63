"""Events: find the stories that tell of the same happening, by their words and days."""
