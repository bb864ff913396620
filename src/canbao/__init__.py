"""Canbao: every person of a province, registered for social insurance."""

__version__ = "0.1.0"
