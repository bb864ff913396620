"""Changes of places: asked for with a look at what they would move, decided by another officer, watched as they go."""
