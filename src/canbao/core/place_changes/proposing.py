"""Codes proposed for villages and towns that come under another place: the last three digits kept, or the next free."""

from __future__ import annotations

from collections.abc import Iterable

from canbao.law.places import Places

DIGITS = 3


def proposed(codes: Iterable[str], parent: str, places: Places) -> dict[str, str]:
    """A new code below `parent` for each code; empty where none is left. What is proposed is for people to correct."""
    taken = {one.code for one in places.children(parent)} | {code for code in places.former if code.startswith(parent)}
    found: dict[str, str] = {}
    for code in codes:
        wished = parent + code[-DIGITS:]
        free = wished if wished not in taken else _next_free(wished, parent, taken)
        found[code] = free
        taken.add(free)
    return found


def _next_free(wished: str, parent: str, taken: set[str]) -> str:
    """The first free code of the same hundred, or of any: 居委会 and 村委会 are numbered in hundreds of their own."""
    hundred = int(wished[-DIGITS:]) // 100 * 100
    tried = [*range(hundred + 1, hundred + 100), *range(1, 1000)]
    return next((f"{parent}{n:03d}" for n in tried if f"{parent}{n:03d}" not in taken), "")
