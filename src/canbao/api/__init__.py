"""Machines and phones: what they may ask, and what they are told (JSON)."""
