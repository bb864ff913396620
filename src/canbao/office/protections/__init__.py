"""Protected people: asking, deciding, who may see, and the end of it."""
