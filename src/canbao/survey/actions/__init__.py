"""Verbs of the survey: each one is a deed, so permission, area, work and audit row are one transaction."""
