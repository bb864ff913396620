"""Which numbers are one person: the links that officers have made, followed to their end.

A link says that what is stated under one number counts for another, whose number is kept. Links form trees: a number is
linked once, and never to one that hangs from it. `merged` has every number that is not a tree's root with the root.
"""

from __future__ import annotations

from canbao.registry.access import Refused
from canbao.registry.database import Cursor

MOST_NUMBERS = 20
"""Numbers of one person; more are somebody's mistake."""


def numbers_of(cursor: Cursor, person_id: int) -> list[int]:
    """All numbers' keys of the person that one of them belongs to, the one that is kept first."""
    cursor.execute("SELECT coalesce((SELECT into_id FROM merged WHERE person_id = %s), %s)", [person_id, person_id])
    leader = cursor.fetchone()[0]
    cursor.execute("SELECT person_id FROM merged WHERE into_id = %s ORDER BY 1", [leader])
    return [leader, *(one for (one,) in cursor.fetchall())]


def rejoin(cursor: Cursor, numbers: list[int]) -> None:
    """Follow the links of these numbers anew after one was made or taken back, for all that they reach.

    Raises Refused if too many would be one person.
    """
    cursor.execute(_REACHED, [numbers])
    into = dict(cursor.fetchall())
    if len(into) > MOST_NUMBERS:
        raise Refused(f"一个人最多 {MOST_NUMBERS} 个号码；请先核对已有的合并")
    cursor.execute("DELETE FROM merged WHERE person_id = ANY(%s)", [list(into)])
    for number in into:
        root = _root(number, into)
        if root != number:
            cursor.execute("INSERT INTO merged VALUES (%s, %s)", [number, root])


def _root(number: int, into: dict[int, int | None]) -> int:
    following = into[number]
    return number if following is None else _root(following, into)


_REACHED = """
WITH RECURSIVE reached (id) AS (
    SELECT unnest(%s::bigint[]) UNION
    SELECT CASE WHEN link.person_id = reached.id THEN link.into_id ELSE link.person_id END
    FROM reached JOIN registry_link AS link ON reached.id IN (link.person_id, link.into_id)
    WHERE link.revoked_by_id IS NULL
)
SELECT reached.id, link.into_id FROM reached
LEFT JOIN registry_link AS link ON link.person_id = reached.id AND link.revoked_by_id IS NULL
"""
"""The numbers that links lead to from some, in either direction, each with the one it is linked to."""
