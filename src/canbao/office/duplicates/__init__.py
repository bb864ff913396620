"""Duplicates: the list of one's own place with its figures, and one of them with its covers side by side."""
