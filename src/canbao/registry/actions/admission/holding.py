"""Holding out: statements that name the person otherwise than others do wait for an officer, as long as needed.

Reads `contested`: the numbers whose statements may differ in name. What is held out follows from the statements that
are there now and from officers' decisions (`core.standing`), in whatever order packages came and went.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from canbao.core.standing import Statement, held_out
from canbao.law.places import PROVINCE
from canbao.registry.database import Cursor, by_index, rows

Row = dict[str, Any]


def hold_out(cursor: Cursor) -> None:
    """Hold out or let in the statements of the contested; what is newly held out becomes a conflict of its division.

    So does a second household, though it is not held out: the place decides meanwhile. A conflict falls to the one that
    came later, and is asked once.
    """
    with by_index(cursor):
        cursor.execute(_STATEMENTS)
        statements = rows(cursor)
    for person, told in groupby(statements, key=lambda one: one["person_id"]):
        _hold(cursor, person, list(told))
    cursor.execute(_OVER, {"province": PROVINCE})
    cursor.execute(_HOUSEHOLDS, {"province": PROVINCE})


def contest(cursor: Cursor, numbers: list[int]) -> None:
    """Look anew at what is held out under these numbers, when nothing else says which they are."""
    cursor.execute("CREATE TEMP TABLE contested ON COMMIT DROP AS SELECT unnest(%s::bigint[]) AS person_id", [numbers])
    hold_out(cursor)
    cursor.execute("DROP TABLE contested")


def _hold(cursor: Cursor, person: int, told: list[Row]) -> None:
    accepted, same = _decided(cursor, person)
    held = held_out([_statement(one) for one in told], accepted=accepted, same=same)
    for one in told:
        division = one["division_code"]
        if (division in held) != one["is_held"]:
            cursor.execute(
                "UPDATE person_fact SET is_held = %s WHERE person_id = %s AND division_code = %s",
                [division in held, person, division],
            )
        if division in held:
            cursor.execute(_RAISE, {**one, "reference": held[division]})


def _statement(told: Row) -> Statement:
    own = (told["hukou_division_code"] or "")[:4] == told["division_code"][:4]
    rank = 0 if told["division_code"] == PROVINCE else 1 if own else 2
    return Statement(
        told["division_code"],
        told["name"],
        told["since"],
        told["named_since"],
        rank if told["is_household"] else None,
    )


def _decided(cursor: Cursor, person: int) -> tuple[set[str], set[tuple[str, str]]]:
    """Names that corrections say are the person's, and statements that officers said mean the person."""
    cursor.execute(
        "SELECT value, was FROM registry_correction WHERE person_id = %s AND item = 'name' AND revoked_by_id IS NULL",
        [person],
    )
    accepted = {name for pair in cursor.fetchall() for name in pair if name}
    cursor.execute(
        "SELECT division_code, other_name FROM registry_conflict WHERE person_id = %s AND decision = 'same'", [person]
    )
    return accepted, set(cursor.fetchall())


_STATEMENTS = (
    "SELECT person_id, division_code, name, since, coalesce(named_since, since) AS named_since, is_household, "
    "hukou_division_code, is_held, coalesce(package_id, since) AS package_id FROM ("
    "SELECT DISTINCT person_id AS id FROM contested ORDER BY 1) AS each, "
    "LATERAL (SELECT * FROM person_fact WHERE person_id = each.id OFFSET 0) AS fact ORDER BY person_id, division_code"
)
_RAISE = (
    "INSERT INTO registry_conflict (person_id, division_code, kind, reference_name, other_name, package_id, "
    "raised_at, state, decision, reason) "
    "SELECT %(person_id)s, %(division_code)s, 'name', %(reference)s, %(name)s, %(package_id)s, now(), 'open', '', '' "
    "WHERE NOT EXISTS (SELECT FROM registry_conflict WHERE person_id = %(person_id)s AND kind = 'name' "
    "AND division_code = %(division_code)s AND other_name = %(name)s AND state <> 'dropped')"
)
"""A question that was asked before is not asked again, unless it had gone away by itself."""
_OVER = (
    "UPDATE registry_conflict AS asked SET state = 'dropped' FROM (SELECT DISTINCT person_id FROM contested) AS each "
    "WHERE asked.person_id = each.person_id AND asked.state = 'open' AND NOT EXISTS (SELECT FROM person_fact AS fact "
    "WHERE fact.person_id = asked.person_id AND fact.division_code = asked.division_code "
    "AND fact.name = asked.other_name AND CASE asked.kind WHEN 'name' THEN fact.is_held ELSE fact.is_household AND "
    "NOT fact.is_held AND EXISTS (SELECT FROM person_fact AS other WHERE other.person_id = fact.person_id "
    "AND other.since < fact.since AND other.is_household AND NOT other.is_held "
    "AND %(province)s NOT IN (fact.division_code, other.division_code)) END)"
)
"""Conflicts whose statement is no more, or that nothing stands against any more."""
_HOUSEHOLDS = """
INSERT INTO registry_conflict (person_id, division_code, kind, reference_name, other_name, package_id, raised_at, state,
    decision, reason)
SELECT DISTINCT ON (fact.person_id, fact.division_code) fact.person_id, fact.division_code, 'household', other.name,
    fact.name, coalesce(fact.package_id, fact.since), now(), 'open', '', ''
FROM (SELECT DISTINCT person_id FROM contested) AS each,
    LATERAL (SELECT * FROM person_fact WHERE person_id = each.person_id OFFSET 0) AS fact,
    LATERAL (SELECT * FROM person_fact WHERE person_id = each.person_id OFFSET 0) AS other
WHERE fact.is_household AND NOT fact.is_held AND other.is_household AND NOT other.is_held AND other.since < fact.since
    AND %(province)s NOT IN (fact.division_code, other.division_code) AND fact.name IS NOT NULL
    AND NOT EXISTS (SELECT FROM registry_conflict AS asked WHERE asked.person_id = fact.person_id
        AND asked.division_code = fact.division_code AND asked.kind = 'household' AND asked.other_name = fact.name
        AND asked.state <> 'dropped')
ORDER BY fact.person_id, fact.division_code, other.since, other.division_code
"""
