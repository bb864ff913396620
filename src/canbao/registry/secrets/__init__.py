"""Secrets that the database must keep but must not know: sealed with keys that are not in it."""
