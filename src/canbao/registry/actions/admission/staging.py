"""Staging: a piece is copied into temporary tables, numbers find their people, what is new is told from the rest."""

from __future__ import annotations

from canbao.core.covers import PAYER_SQL
from canbao.registry.actions.admission.delivery import Delivery, Piece, Statement
from canbao.registry.database import Cursor
from canbao.registry.derivation import Judging
from canbao.registry.models import Package

TABLES = {"persons": "new_person", "insurances": "new_insurance", "evidence": "new_evidence"}
_OTHER_TYPES = {
    "is_household": "boolean",
    "operated_at": "timestamp",
    "reviewed_at": "timestamp",
    "updated_at": "timestamp",
    "row": "bigint",
    "similarity": "double precision",
    "ssn": 'text COLLATE "C"',
}


def stage(cursor: Cursor, delivery: Delivery, piece: Piece | None) -> None:
    """Copy a piece into new_person, new_insurance and new_evidence, which live as long as the transaction."""
    for table, name in TABLES.items():
        columns = delivery.columns(table)
        make(cursor, name, columns, "ON COMMIT DROP")
        if piece is not None:
            copy_csv(cursor, name, columns, getattr(piece, table))
        cursor.execute(f"ANALYZE {name} (ssn)")


def stage_conflicts(cursor: Cursor, delivery: Delivery, package: Package) -> None:
    """The package's own open conflicts, copied once in a session: `new_conflict`."""
    cursor.execute("SELECT obj_description(to_regclass('pg_temp.new_conflict'))")
    if cursor.fetchone()[0] == str(package.id):
        return
    cursor.execute("DROP TABLE IF EXISTS pg_temp.new_conflict")
    columns = delivery.columns("conflicts")
    make(cursor, "new_conflict", columns, "")
    for rows in delivery.rows("conflicts"):
        copy_csv(cursor, "new_conflict", columns, rows)
    cursor.execute(f"COMMENT ON TABLE pg_temp.new_conflict IS '{package.id:d}'")
    cursor.execute("ANALYZE new_conflict (ssn)")


def stage_findings(cursor: Cursor, delivery: Delivery) -> None:
    """All findings of a package: `new_finding`."""
    columns = delivery.columns("findings")
    make(cursor, "new_finding", columns, "ON COMMIT DROP")
    for rows in delivery.rows("findings"):
        copy_csv(cursor, "new_finding", columns, rows)


def make(cursor: Cursor, name: str, columns: tuple[str, ...], ending: str) -> None:
    """Make a temporary table for what `copy_csv` brings."""
    typed = ", ".join(f"{column} {_type(column)}" for column in columns)
    cursor.execute(f"CREATE TEMP TABLE {name} ({typed}) {ending}")


def copy_csv(cursor: Cursor, table: str, columns: tuple[str, ...], content: bytes) -> None:
    """COPY ready CSV into a table."""
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)") as copying:  # type: ignore[attr-defined]
        copying.write(content)


def _type(column: str) -> str:
    return _OTHER_TYPES.get(column) or ("date" if column.endswith("_date") else "text")


MAPPING = 0x6D657267
"""The lock that admissions share, and that whoever changes whose a number is has alone."""
TELLING = 0x74656C6C
"""The lock on what a division says, which pieces of its packages share and what it pushes has alone."""
_NUMBER = "SELECT person_id FROM person_identifier AS number WHERE number.ssn = new_person.ssn OFFSET 0"
_FACTS = "SELECT * FROM person_fact WHERE person_id = incoming.person_id OFFSET 0"
"""Look-ups by key, fenced (OFFSET 0) so that they stay look-ups: PostgreSQL takes one in a table of sixteen divisions
to cost sixteen, and would rather read all people of the province for each piece."""


def share_mapping(cursor: Cursor) -> None:
    """Let nobody change whose the numbers are till this transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MAPPING])


def own_mapping(cursor: Cursor) -> None:
    """Wait till no admission is in the middle of a piece, and keep others waiting till this transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAPPING])


def share_division(cursor: Cursor, division: str) -> None:
    """Let nothing that a division pushes be carried out till this transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [TELLING, int(division)])


def own_division(cursor: Cursor, division: str) -> None:
    """Wait till no package of a division is in the middle of a piece, and keep others waiting likewise."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TELLING, int(division)])


def identify(cursor: Cursor, statement: Statement) -> None:
    """Give every number its key: `incoming` has number, key, the person it counts for, and content.

    Numbers are taken in their order, so that two admissions of the same people wait for each other and never cross.
    What the division says under a number may have been found to be about somebody else (registry_assignment), and a
    number may be another one of a person (merged).
    """
    share_mapping(cursor)
    cursor.execute(
        "INSERT INTO person_identifier (ssn, person_id) SELECT ssn, nextval('person_number') FROM (SELECT ssn "
        f"FROM new_person LEFT JOIN LATERAL ({_NUMBER}) AS known ON TRUE WHERE known.person_id IS NULL ORDER BY ssn"
        ") AS new ON CONFLICT (ssn) DO NOTHING"
    )
    cursor.execute(
        "CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT holder.person_id, "
        "coalesce(merged.into_id, holder.person_id) AS leader_id, ssn, content FROM ("
        "SELECT coalesce(assigned.person_id, known.person_id) AS person_id, new_person.ssn, new_person.content "
        f"FROM new_person CROSS JOIN LATERAL ({_NUMBER}) AS known LEFT JOIN registry_assignment AS assigned "
        "ON assigned.ssn = new_person.ssn AND assigned.division_code = %s AND assigned.revoked_by_id IS NULL"
        ") AS holder LEFT JOIN merged USING (person_id)",
        [statement.division],
    )
    cursor.execute("ANALYZE incoming (person_id, leader_id, ssn)")


def compare(cursor: Cursor, statement: Statement, judging: Judging, after: str, last: str | None) -> None:
    """Find out whose facts are `changed`, whose are `gone`, and who has to be judged again (`touched`).

    `known` are the records of the touched as they are now, locked. Gone are the people between the numbers `after`
    and `last` of whom the division said something and now doesn't.
    """
    cursor.execute(
        "CREATE TEMP TABLE changed ON COMMIT DROP AS SELECT incoming.person_id, leader_id FROM incoming "
        f"LEFT JOIN LATERAL ({_FACTS}) AS fact ON fact.division_code = %s "
        "WHERE fact.content IS DISTINCT FROM incoming.content",
        [statement.division],
    )
    upto = 'AND fact.ssn <= %(last)s COLLATE "C"' if last is not None else ""
    cursor.execute(
        "CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT fact.person_id, "
        "coalesce(merged.into_id, fact.person_id) AS leader_id FROM person_fact AS fact LEFT JOIN merged "
        "ON merged.person_id = fact.person_id "
        f'WHERE fact.division_code = %(division)s AND fact.ssn > %(after)s COLLATE "C" {upto} '
        "AND NOT EXISTS (SELECT FROM new_person WHERE new_person.ssn = fact.ssn)",
        {"division": statement.division, "after": after, "last": last},
    )
    cursor.execute(PUSHED, {"division": statement.division, "day": statement.as_of, "after": after, "last": last})
    cursor.execute(
        "CREATE TEMP TABLE touched ON COMMIT DROP AS SELECT leader_id AS person_id FROM changed UNION "
        "SELECT leader_id FROM gone UNION SELECT coalesce(into_id, person_id) FROM pushed LEFT JOIN merged "
        "USING (person_id) UNION SELECT leader_id FROM incoming, LATERAL (SELECT judged_on FROM person "
        "WHERE id = incoming.leader_id OFFSET 0) AS person WHERE judged_on <> %s",
        [judging.as_of],
    )
    for table in ("changed", "gone"):
        cursor.execute(f"ANALYZE {table} (person_id)")
    _know(cursor)


PUSHED = """
CREATE TEMP TABLE pushed ON COMMIT DROP AS SELECT DISTINCT person_id FROM live_fact WHERE division_code = %(division)s
AND ssn > %(after)s COLLATE "C" AND (%(last)s::text IS NULL OR ssn <= %(last)s COLLATE "C")
AND (at AT TIME ZONE 'Asia/Shanghai')::date >= %(day)s
"""
"""Of whom a division has pushed something since a day: it stands, whether or not the package says anything new."""


def touch(cursor: Cursor, people: list[int], *, only_look: bool = False) -> None:
    """Have the people of these numbers judged again: `touched` and `known` as `compare` makes them.

    They are locked unless one only looks.
    """
    cursor.execute(
        "CREATE TEMP TABLE touched ON COMMIT DROP AS SELECT DISTINCT coalesce(merged.into_id, each.person_id) "
        "AS person_id FROM (SELECT unnest(%s::bigint[]) AS person_id) AS each LEFT JOIN merged USING (person_id)",
        [people],
    )
    _know(cursor, "" if only_look else "FOR UPDATE")


JUDGED = (
    "touched",
    "known",
    "stated",
    "surveyed",
    "fixed",
    "outcome",
    "moved",
    "told",
    "doubtful",
    "standing",
    "doubled",
)
"""The temporary tables by which people are judged anew."""


def forget(cursor: Cursor) -> None:
    """Have done with the people who were judged, so that others can be in the same transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in JUDGED)}")


def _know(cursor: Cursor, locking: str = "FOR UPDATE") -> None:
    """`known`; whoever is touched is so with all the numbers that count for them."""
    cursor.execute(
        "INSERT INTO touched SELECT merged.person_id FROM merged JOIN touched ON touched.person_id = into_id"
    )
    cursor.execute("ANALYZE touched (person_id)")
    cursor.execute(
        "CREATE TEMP TABLE known ON COMMIT DROP AS SELECT person.* FROM (SELECT person_id FROM touched "
        "ORDER BY person_id) AS touched, "
        f"LATERAL (SELECT * FROM person WHERE id = touched.person_id OFFSET 0 {locking}) AS person"
    )
    cursor.execute("ANALYZE known (id)")


def qualities(judging: Judging, covers: str = "new_insurance", evidence: str = "new_evidence", key: str = "ssn") -> str:
    """A query for the qualities of each key, judged here from rows and evidence: the key's columns, qualities."""
    insured = [quality for quality in judging.law.qualities.values() if quality.of == "insurance"]
    bits = " | ".join(
        f"CASE WHEN {judging.condition(one.when)} THEN {1 << judging.bits[one.id]}::bigint ELSE 0 END"
        for one in insured
    )
    told = " ".join(
        f"WHEN '{one.id}' THEN {1 << judging.bits[one.id]}::bigint"
        for one in judging.law.qualities.values()
        if one.of != "insurance" and one.of in judging.law.sources
    )
    understood = (
        f"SELECT {key}, insurance_type, contrib_status, benefit_status, personal_status, unit_type, "
        f"{PAYER_SQL} AS payer_category FROM {covers}"
    )
    return (
        f"SELECT {key}, bit_or(quality) AS qualities FROM ("
        f"SELECT {key}, {bits} AS quality FROM ({understood}) AS covers UNION ALL "
        f"SELECT {key}, CASE quality {told} ELSE 0 END FROM {evidence}) AS each GROUP BY {key}"
    )
