"""Merging: a division's facts about the changed people take the place of what it said before; nothing else is lost."""

from __future__ import annotations

from canbao.law.places import PROVINCE
from canbao.registry.actions.admission.delivery import Statement
from canbao.registry.actions.admission.staging import qualities
from canbao.registry.database import Cursor, by_index
from canbao.registry.derivation.deciding import Judging

FACT_ITEMS = (
    "ssn", "name", "sex", "birth_date", "admin_division_code", "ethnicity", "hukou_address", "hukou_division_code",
    "hukou_town_name", "hukou_town_code", "hukou_village_name", "hukou_village_code", "residence_address", "mobile",
    "vital_status", "death_date", "unit_no", "unit_name", "unit_type", "is_household", "content",
)  # fmt: skip
COVER_ITEMS = (
    "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category",
    "personal_status", "unit_no", "unit_name", "unit_type", "mobile", "updated_at", "source", "row",
)  # fmt: skip
EVIDENCE_ITEMS = ("kind", "quality", "source", "row")


def replace_facts(cursor: Cursor, statement: Statement, judging: Judging) -> None:
    """Put the changed people's new facts in place of the division's old ones; those of the gone go."""
    cursor.execute("CREATE TEMP TABLE before ON COMMIT DROP AS " + _BEFORE, {"division": statement.division})
    cursor.execute("CREATE TEMP TABLE old ON COMMIT DROP AS " + _OLD)
    for table in ("before", "old"):
        cursor.execute(f"ANALYZE {table} (person_id)")
    with by_index(cursor):  # || '' keeps the index of the division out: it would be read whole for each person
        for table in ("person_fact", "insurance_fact", "evidence"):
            cursor.execute(
                f"DELETE FROM {table} USING old WHERE {table}.person_id = old.person_id "
                f"AND {table}.division_code || '' = %s",
                [statement.division],
            )
        cursor.execute(_LET_IN)
    _insert_facts(cursor, statement, judging)
    _insert_rows(cursor, statement, "insurance_fact", "new_insurance", COVER_ITEMS)
    _insert_rows(cursor, statement, "evidence", "new_evidence", EVIDENCE_ITEMS)


_LET_IN = (
    "UPDATE person_fact AS fact SET is_held = FALSE FROM gone WHERE fact.person_id = gone.person_id AND fact.is_held "
    "AND NOT EXISTS (SELECT FROM person_fact AS other WHERE other.person_id = fact.person_id AND NOT other.is_held)"
)
"""Once nobody else speaks of a person any more, a statement that was held out has nothing to be held against."""
_BEFORE = (
    "SELECT changed.person_id, told.since, CASE WHEN told.is_known_elsewhere THEN known.name END AS known_as "
    "FROM changed LEFT JOIN known ON known.id = changed.person_id LEFT JOIN LATERAL ("
    "SELECT max(since) FILTER (WHERE division_code = %(division)s) AS since, "
    "bool_or(division_code <> %(division)s AND NOT is_held) AS is_known_elsewhere "
    "FROM person_fact AS fact WHERE fact.person_id = known.id) AS told ON TRUE"
)
"""Since when the division speaks of the changed people, and under which name others know them."""
_OLD = "SELECT person_id FROM gone UNION ALL SELECT person_id FROM before WHERE since IS NOT NULL"
"""Of whom the division has facts that go."""


def _insert_facts(cursor: Cursor, statement: Statement, judging: Judging) -> None:
    """`fresh` are the new facts; they are what the division now says."""
    items = ", ".join(f"new_person.{name}" for name in FACT_ITEMS)
    columns = f"person_id, division_code, {', '.join(FACT_ITEMS)}, qualities, open_conflict, is_held, as_of, since"
    cursor.execute(
        f"CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT before.person_id, %(division)s AS division_code, {items}, "
        f"coalesce(told.qualities, 0) AS qualities, {_OPEN} AS open_conflict, {_HELD} AS is_held, "
        "%(as_of)s::date AS as_of, coalesce(before.since, %(package)s) AS since "
        "FROM before JOIN incoming USING (person_id) JOIN new_person USING (ssn) "
        f"LEFT JOIN ({qualities(judging)}) AS told USING (ssn)",
        {"division": statement.division, "as_of": statement.as_of, "package": statement.package},
    )
    cursor.execute(f"INSERT INTO person_fact ({columns}) SELECT {columns} FROM fresh")


_OPEN = (
    "(new_person.disposition = 'verify' AND EXISTS "
    "(SELECT FROM new_conflict WHERE new_conflict.ssn = new_person.ssn)) IS TRUE"
)
"""Whether the city itself has not settled whose rows these are."""
_HELD = (
    "(before.known_as <> new_person.name AND NOT EXISTS (SELECT FROM registry_conflict AS settled "
    "WHERE settled.person_id = before.person_id AND settled.division_code = %(division)s "
    "AND settled.other_name = new_person.name AND settled.decision = 'same')) IS TRUE"
)
"""Another name than that under which others know the person is held out, unless an officer has said it is the same."""


def _insert_rows(cursor: Cursor, statement: Statement, table: str, staged: str, items: tuple[str, ...]) -> None:
    columns = ", ".join(items)
    cursor.execute(
        f"INSERT INTO {table} (person_id, division_code, {columns}) "
        f"SELECT before.person_id, %s, {', '.join(f'{staged}.{name}' for name in items)} "
        f"FROM {staged} JOIN incoming USING (ssn) JOIN before USING (person_id)",
        [statement.division],
    )


def raise_conflicts(cursor: Cursor, statement: Statement) -> None:
    """Make work of what two divisions say differently; it falls to the one that came later, and is asked once."""
    cursor.execute(
        "INSERT INTO registry_conflict (person_id, division_code, kind, reference_name, other_name, package_id, "
        "raised_at, state, decision, reason) "
        "SELECT fact.person_id, fact.division_code, kind, reference_name, fact.name, %(package)s, now(), "
        "'open', '', '' "
        f"FROM ({_NAMES} UNION ALL {_HOUSEHOLDS}) AS fact WHERE NOT EXISTS (SELECT FROM registry_conflict AS asked "
        "WHERE asked.person_id = fact.person_id AND asked.division_code = fact.division_code "
        "AND asked.kind = fact.kind AND asked.other_name = fact.name)",
        {"package": statement.package},
    )


_NAMES = (
    "SELECT fresh.person_id, fresh.division_code, fresh.name, 'name' AS kind, before.known_as AS reference_name "
    "FROM fresh JOIN before USING (person_id) WHERE fresh.is_held"
)
_HOUSEHOLDS = (
    "SELECT fresh.person_id, fresh.division_code, fresh.name, 'household' AS kind, other.name AS reference_name "
    "FROM fresh JOIN before USING (person_id), "
    "LATERAL (SELECT * FROM person_fact WHERE person_id = fresh.person_id OFFSET 0) AS other "
    "WHERE before.known_as IS NOT NULL AND fresh.is_household AND NOT fresh.is_held AND other.since < fresh.since "
    "AND other.is_household AND NOT other.is_held "
    f"AND '{PROVINCE}' NOT IN (fresh.division_code, other.division_code)"
)
