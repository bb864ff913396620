"""Surveyors and the bodies they come from."""
