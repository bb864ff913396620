"""Surveyors' phones as the office keeps them, and what came from them that somebody has to decide about."""
