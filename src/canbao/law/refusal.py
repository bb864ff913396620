"""How the law's files are refused; apart from the reader, so that saying it needs no reading."""

from __future__ import annotations


class LawError(ValueError):
    """The law's files can't be trusted; the message names file, entry and remedy."""
