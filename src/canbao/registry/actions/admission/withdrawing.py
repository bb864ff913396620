"""Taking a package out of the register: what it brought goes, what it replaced comes back, everyone touched is judged.

Piece by piece as it came in, each one transaction; what others said meanwhile, and what officers decided, stays. It
can be killed and goes on where it stopped.
"""

from __future__ import annotations

from django.db import connection

from canbao.registry.access import working
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.holding import hold_out
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.actions.admission.laying import lay_again
from canbao.registry.actions.admission.merging import delete_old
from canbao.registry.actions.admission.package import (
    PIECE,
    Announce,
    Cancelled,
    current_judging,
    remember,
)
from canbao.registry.actions.admission.staging import PUSHED, share_division, share_mapping, touch
from canbao.registry.audit import append
from canbao.registry.database import Cursor, by_index
from canbao.registry.deeds import entry_of
from canbao.registry.models import AdmissionRange, Officer, Package


def take_out(*, package: Package, by: Officer, announce: Announce = lambda done: True) -> dict[str, int]:
    """Take all of a package out, from where an earlier attempt stopped; returns how many people's records changed.

    Raises Cancelled when `announce` answers no, Overtaken if another worker is at it.
    """
    range_, _ = AdmissionRange.objects.get_or_create(
        package=package, is_withdrawal=True, upto="", defaults={"cursor": ""}
    )
    while not range_.is_done:
        _take_piece(package, range_, by)
        range_.refresh_from_db()
        if not range_.is_done and not announce(range_.people):
            raise Cancelled("已按要求停止；再次撤回会从停下的地方继续")
    return {"people": range_.people, "changed": range_.changed, "restored": range_.changed_facts, "gone": range_.gone}


def _take_piece(package: Package, range_: AdmissionRange, by: Officer) -> None:
    given = {"package": package.id, "division": package.division_code, "after": range_.cursor, "piece": PIECE}
    with working(), connection.cursor() as cursor:
        share_mapping(cursor)
        share_division(cursor, package.division_code)
        cursor.execute(_LAST, given)
        last = cursor.fetchone()[0]
        counts = {"people": 0, "changed": 0, "gone": 0, "changed_facts": 0}
        digest = ""
        if last is not None:
            _find(cursor, {**given, "last": last}, counts)
            _restore(cursor, {**given, "last": last})
            judging = current_judging(cursor)
            lay_again(cursor, judging, package.division_code, _CONCERNED, leaving=package.id)
            _, counts["changed"], digest = rejudge(cursor, Cause("withdrawn", package.id), judging)
        remember(range_, counts, last or range_.cursor, is_done=last is None)
        details = {"range": range_.pk, "history": digest, **counts}
        append(cursor, entry_of(by, "withdraw", objects=(f"package:{package.id}",), details=details))


def _find(cursor: Cursor, given: dict[str, object], counts: dict[str, int]) -> None:
    """What comes `back` and whose facts are `old`; their people are locked before anything of theirs is changed.

    So an admission that is stating something of the same people is either over and seen, or waits.
    """
    cursor.execute("CREATE TEMP TABLE back ON COMMIT DROP AS " + _BACK, given)
    counts["changed_facts"] = cursor.rowcount
    cursor.execute("CREATE TEMP TABLE old ON COMMIT DROP AS " + _BROUGHT, given)
    counts["gone"] = cursor.rowcount
    cursor.execute(PUSHED, {**given, "day": "-infinity"})
    for table in ("back", "old"):
        cursor.execute(f"ANALYZE {table} (person_id)")
    cursor.execute(_CONCERNED)
    people = [person for (person,) in cursor.fetchall()]
    counts["people"] = len(people)
    touch(cursor, people)


def _restore(cursor: Cursor, given: dict[str, object]) -> None:
    """Put a piece's facts back as they were, and hold their statements against each other again."""
    delete_old(cursor, str(given["division"]))
    for query in _PUT_BACK:
        cursor.execute(query)
    with by_index(cursor):
        cursor.execute(
            "DELETE FROM statement_past USING back WHERE statement_past.ssn = back.ssn "
            "AND statement_past.division_code = %(division)s AND statement_past.replaced_by = %(package)s",
            given,
        )
    cursor.execute("CREATE TEMP TABLE contested ON COMMIT DROP AS " + _CONTESTED)
    hold_out(cursor)


_CONCERNED = "SELECT person_id FROM old UNION SELECT person_id FROM back UNION SELECT person_id FROM pushed"
_IN_PIECE = '{0}.ssn > %(after)s COLLATE "C" AND {0}.ssn <= %(last)s COLLATE "C"'
_LAST = """
SELECT max(ssn COLLATE "C") FROM (SELECT ssn FROM (
    (SELECT ssn FROM person_fact WHERE division_code = %(division)s AND package_id = %(package)s
        AND ssn > %(after)s COLLATE "C" ORDER BY ssn COLLATE "C" LIMIT %(piece)s)
    UNION (SELECT ssn FROM statement_past WHERE replaced_by = %(package)s
        AND ssn > %(after)s COLLATE "C" ORDER BY ssn COLLATE "C" LIMIT %(piece)s)
    UNION (SELECT DISTINCT ssn COLLATE "C" FROM live_fact WHERE division_code = %(division)s
        AND ssn > %(after)s COLLATE "C" ORDER BY 1 LIMIT %(piece)s)
) AS both_of ORDER BY ssn COLLATE "C" LIMIT %(piece)s) AS piece
"""
_BACK = (
    "SELECT coalesce(assigned.person_id, number.person_id) AS person_id, past.* FROM statement_past AS past "
    "JOIN LATERAL (SELECT person_id FROM person_identifier WHERE ssn = past.ssn OFFSET 0) AS number ON TRUE "
    "LEFT JOIN registry_assignment AS assigned ON assigned.ssn = past.ssn "
    "AND assigned.division_code = past.division_code AND assigned.revoked_by_id IS NULL "
    f"WHERE past.replaced_by = %(package)s AND {_IN_PIECE.format('past')}"
)
_BROUGHT = (
    "SELECT person_id FROM person_fact AS fact "
    f"WHERE division_code = %(division)s AND package_id = %(package)s AND {_IN_PIECE.format('fact')} "
    "UNION SELECT person_id FROM person_fact JOIN back USING (person_id, division_code)"
)
_PUT_BACK = (
    "INSERT INTO person_fact SELECT fact.* FROM back, LATERAL jsonb_populate_record(NULL::person_fact, "
    "back.fact || jsonb_build_object('person_id', back.person_id)) AS fact",
    "INSERT INTO insurance_fact SELECT cover.* FROM back, LATERAL jsonb_array_elements(back.covers) AS each, "
    "LATERAL jsonb_populate_record(NULL::insurance_fact, each || jsonb_build_object('person_id', back.person_id)) "
    "AS cover",
    "INSERT INTO evidence SELECT told.* FROM back, LATERAL jsonb_array_elements(back.evidence) AS each, "
    "LATERAL jsonb_populate_record(NULL::evidence, each || jsonb_build_object('person_id', back.person_id)) AS told",
)
_CONTESTED = (
    "SELECT person_id FROM (SELECT person_id FROM old UNION SELECT person_id FROM back) AS each, LATERAL (SELECT "
    "count(DISTINCT name) > 1 OR bool_or(is_held) OR count(*) FILTER (WHERE is_household) > 1 AS is_contested "
    "FROM (SELECT * FROM person_fact WHERE person_id = each.person_id OFFSET 0) AS fact) AS told "
    "WHERE is_contested UNION "
    "SELECT person_id FROM registry_conflict JOIN (SELECT person_id FROM old UNION SELECT person_id FROM back) AS each "
    "USING (person_id) WHERE state = 'open'"
)
