"""How a wish for a made city is refused, and between which days one can be made."""

from __future__ import annotations

from datetime import date

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2060, 12, 31)
"""The days a city may be made for: on others its people's numbers or documents could not be right."""


class GeneratorError(ValueError):
    """A city that can't be made up; the message says in Chinese what to ask for instead."""
