"""Streams: rows that partners push, kept before anything is said, carried out by `actions.admission.changes`."""
