"""Watching data exchange: how partners' streams are, and the desk for rows that lie aside."""
