"""Which people a change of places concerns: found by index at home, by a sweep wherever else they are told of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from canbao.core.place_changes import Row, successors
from canbao.law.places import Places
from canbao.registry.access import beyond
from canbao.registry.database import Cursor
from canbao.registry.models import PlaceChange

WINDOW = 200_000
"""How many keys the sweep looks through in one transaction."""


def next_people(cursor: Cursor, change: PlaceChange, rows: Sequence[Row], most: int) -> list[int]:
    """Some more people to judge anew, at most `most`; the change's own place in the whole is moved on.

    None does not mean that it is over: that is when the stage is `done`. When a change is taken back, the people are
    those under the new codes.
    """
    codes = uppermost(row.new if change.state == "revoking" else row.old for row in rows)
    if change.stage == "home":
        found = _at_home(cursor, change, codes, most)
        if found:
            return found
        change.stage, change.after_id = "sweep", 0
    return _swept(cursor, change, codes, most) if change.stage == "sweep" else []


def uppermost(codes: Iterable[str]) -> list[str]:
    """The codes without those that lie in another one of them, in their order."""
    found: set[str] = set()
    for code in sorted(filter(None, codes), key=len):
        if not any(code[:digits] in found for digits in (6, 9)):
            found.add(code)
    return sorted(found)


def note_unclear(cursor: Cursor, change: int, rows: Sequence[Row], before: Places) -> int:
    """Write down of whom no more is known than a place that several have taken over; returns how many they are.

    `before` is the tree before the change; of a village that is not in it no more is known than its town.
    """
    for code in (code for code, heirs in successors(rows).items() if len(heirs) > 1):
        known = [one for one in before.by_code if one.startswith(code) and one != code]
        cursor.execute(_UNCLEAR, {"change": change, "code": code, "beyond": beyond(code), "known": known})
    cursor.execute("SELECT count(*) FROM place_unclear WHERE change_id = %s", [change])
    return int(cursor.fetchone()[0])


_UNCLEAR = """
INSERT INTO place_unclear SELECT %(change)s, id FROM person
WHERE home >= %(code)s AND home < %(beyond)s AND NOT home = ANY(%(known)s::text[]) ON CONFLICT DO NOTHING
"""


def _at_home(cursor: Cursor, change: PlaceChange, codes: Sequence[str], most: int) -> list[int]:
    for code in codes:
        if beyond(code) <= change.after_home:
            continue
        cursor.execute(
            "SELECT home, id FROM person WHERE home >= %(code)s AND home < %(beyond)s AND home >= %(home)s "
            "AND (home, id) > (%(home)s, %(id)s) ORDER BY home, id LIMIT %(most)s",
            {"code": code, "beyond": beyond(code), "home": change.after_home, "id": change.after_id, "most": most},
        )
        found = cursor.fetchall()
        if found:
            change.after_home, change.after_id = found[-1]
            return [id_ for _, id_ in found]
    return []


def _swept(cursor: Cursor, change: PlaceChange, codes: Sequence[str], most: int) -> list[int]:
    """Whoever is told of under these codes in the next keys: by another division, or not as the home."""
    until = change.after_id + WINDOW
    given = {f"of_{digits}": [code for code in codes if len(code) == digits] for digits in (6, 9, 12)}
    cursor.execute(_SWEPT, {"after": change.after_id, "until": until, "most": most, **given})
    found = [id_ for (id_,) in cursor.fetchall()]
    change.after_id = found[-1] if len(found) == most else until
    cursor.execute("SELECT coalesce(max(id), 0) FROM person")
    if change.after_id >= cursor.fetchone()[0]:
        change.stage = "done"
    return found


def _is_among(code: str) -> str:
    return (
        f"left({code}, 6) = ANY(%(of_6)s::text[]) OR left({code}, 9) = ANY(%(of_9)s::text[]) "
        f"OR {code} = ANY(%(of_12)s::text[])"
    )


_SWEPT = f"""
SELECT id FROM person WHERE id > %(after)s AND id <= %(until)s AND (
    {_is_among("hukou_village_code")} OR {_is_among("hukou_town_code")} OR {_is_among("hukou_division_code")}
    OR {_is_among("admin_division_code")} OR {_is_among("home")}
    OR EXISTS (SELECT FROM unnest(string_to_array(areas, '|')) AS area WHERE {_is_among("area")})
) ORDER BY id LIMIT %(most)s
"""
