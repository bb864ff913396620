"""Supervising a survey: what is remarkable about one surveyor's work, and how far a place is behind its plan."""
