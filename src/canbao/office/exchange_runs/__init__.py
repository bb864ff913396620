"""Runs: departments' lists held against the register, the plans by which they come, and files that were dropped."""
