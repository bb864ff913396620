"""Candidates for one person under two numbers."""
