"""The map of another day: what a code of today was on it, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from canbao.core.place_changes.following import Followed, today_of

LEVELS = (6, 9, 12)


def origins(codes: Iterable[str], now: Mapping[str, Followed]) -> dict[str, tuple[str, ...]]:
    """For each code of today the codes of an earlier map that it comes from; several can't be told apart.

    `codes` are those of the earlier map, `now` what has become of them since. A place that began by taking in parts of
    others comes from them.
    """
    found: dict[str, dict[str, None]] = {}
    for code in sorted(codes):
        today = today_of(code, now).code
        for digits in LEVELS:
            if digits <= len(code):
                found.setdefault(today[:digits], {}).setdefault(code[:digits])
    return {code: tuple(before) for code, before in found.items()}


def before(code: str, origin: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What a code was; one that nobody knows was in what the smallest known place it lies in was."""
    for digits in reversed(LEVELS):
        if digits <= len(code) and code[:digits] in origin:
            return tuple(one + code[digits:] for one in origin[code[:digits]])
    return (code,)
