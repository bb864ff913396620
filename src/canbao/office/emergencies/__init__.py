"""Emergencies: opening, ending and reviewing access outside one's area."""
