"""Merging: a division's facts about the changed people take the place of what it said before; nothing else is lost."""

from __future__ import annotations

from canbao.law.places import PROVINCE
from canbao.registry.actions.admission.delivery import Statement
from canbao.registry.actions.admission.staging import qualities
from canbao.registry.database import Cursor, by_index
from canbao.registry.derivation import Judging

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
    """Put the changed people's new facts in place of the division's old ones; those of the gone go.

    What goes is kept as it was (statement_past), for the day the package is withdrawn. `contested` are those whose
    statements have to be held against each other.
    """
    given = {"division": statement.division, "package": statement.package, "province": PROVINCE}
    cursor.execute("CREATE TEMP TABLE before ON COMMIT DROP AS " + _BEFORE, given)
    cursor.execute("CREATE TEMP TABLE old ON COMMIT DROP AS " + _OLD)
    for table in ("before", "old"):
        cursor.execute(f"ANALYZE {table} (person_id)")
    keep_past(cursor, statement)
    delete_old(cursor, statement.division)
    _insert_facts(cursor, statement, judging)
    _insert_rows(cursor, statement, "insurance_fact", "new_insurance", COVER_ITEMS)
    _insert_rows(cursor, statement, "evidence", "new_evidence", EVIDENCE_ITEMS)
    cursor.execute("CREATE TEMP TABLE contested ON COMMIT DROP AS " + _CONTESTED, given)


def keep_past(cursor: Cursor, statement: Statement) -> None:
    """Keep the statements of `old` whole, but for those that are only what was pushed: they can be laid again."""
    covers, evidence = (_packed(table) for table in ("insurance_fact", "evidence"))
    with by_index(cursor):
        cursor.execute(
            "INSERT INTO statement_past (ssn, division_code, replaced_by, fact, covers, evidence) "
            f"SELECT fact.ssn, fact.division_code, %(package)s, to_jsonb(fact) - 'person_id', {covers}, {evidence} "
            "FROM old, LATERAL (SELECT * FROM person_fact WHERE person_id = old.person_id OFFSET 0) AS fact "
            "WHERE fact.division_code = %(division)s "
            "AND NOT EXISTS (SELECT FROM registry_package WHERE id = fact.package_id AND state = 'streaming')",
            {"division": statement.division, "package": statement.package},
        )


def _packed(table: str) -> str:
    return (
        f"(SELECT coalesce(jsonb_agg(to_jsonb(each) - 'person_id'), '[]') FROM (SELECT * FROM {table} "
        "WHERE person_id = fact.person_id OFFSET 0) AS each WHERE each.division_code = fact.division_code)"
    )


def delete_old(cursor: Cursor, division: str) -> None:
    """Delete what a division said of the people in `old`.

    Their keys go in as one array, so that each is looked up whatever PostgreSQL believes of the tables: joined with
    `old` it took what the division said to be a few rows, and went through all of `old` for each of them. || '' keeps
    the index of the division out, which would be read whole.
    """
    for table in ("person_fact", "insurance_fact", "evidence"):
        cursor.execute(
            f"DELETE FROM {table} WHERE person_id = ANY (ARRAY(SELECT person_id FROM old)) "
            f"AND division_code || '' = %s",
            [division],
        )


_BEFORE = (
    "SELECT changed.person_id, told.* FROM changed "
    "LEFT JOIN known ON known.id = changed.leader_id LEFT JOIN LATERAL ("
    "SELECT max(since) FILTER (WHERE division_code = %(division)s) AS since, "
    "max(name) FILTER (WHERE division_code = %(division)s) AS name, "
    "max(coalesce(named_since, since)) FILTER (WHERE division_code = %(division)s) AS named_since, "
    "min(name) FILTER (WHERE division_code <> %(division)s) AS least, "
    "max(name) FILTER (WHERE division_code <> %(division)s) AS most, bool_or(is_held) AS is_contested, "
    "bool_or(is_household) FILTER (WHERE division_code NOT IN (%(division)s, %(province)s)) AS has_household "
    "FROM person_fact AS fact "
    "WHERE fact.person_id = CASE WHEN known.id IS NOT NULL THEN changed.person_id END) AS told ON TRUE"
)
"""Since when and how the division speaks of the changed people, and the least and the most of others' names."""
_OLD = "SELECT person_id FROM gone UNION ALL SELECT person_id FROM before WHERE since IS NOT NULL"
"""Of whom the division has facts that go."""
_CONTESTED = (
    "SELECT fresh.person_id FROM fresh JOIN before USING (person_id) "
    "WHERE before.is_contested OR before.least <> fresh.name OR before.most <> fresh.name OR "
    "(before.has_household AND fresh.is_household AND fresh.division_code <> %(province)s) UNION "
    "SELECT gone.person_id FROM gone, LATERAL (SELECT bool_or(is_held) OR count(DISTINCT name) > 1 AS is_contested "
    "FROM (SELECT * FROM person_fact WHERE person_id = gone.person_id OFFSET 0) AS fact) AS told "
    "WHERE is_contested UNION "
    "SELECT person_id FROM registry_conflict JOIN (SELECT person_id FROM gone UNION SELECT person_id FROM fresh) "
    "AS each USING (person_id) WHERE state = 'open'"
)
"""Whose statements differ in name or both claim the household, did so before, or are asked about.

Where a statement goes, those that stay may differ without any being held out: officers had decided, or it was their
reference.
"""


def _insert_facts(cursor: Cursor, statement: Statement, judging: Judging) -> None:
    """`fresh` are the new facts; they are what the division now says."""
    items = ", ".join(f"new_person.{name}" for name in FACT_ITEMS)
    columns = (
        f"person_id, division_code, {', '.join(FACT_ITEMS)}, qualities, open_conflict, is_held, as_of, since, "
        "named_since, package_id"
    )
    cursor.execute(
        f"CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT before.person_id, %(division)s AS division_code, {items}, "
        f"coalesce(told.qualities, 0) AS qualities, {_OPEN} AS open_conflict, FALSE AS is_held, "
        "%(as_of)s::date AS as_of, coalesce(before.since, %(package)s) AS since, "
        "CASE WHEN before.name = new_person.name THEN before.named_since ELSE %(package)s END AS named_since, "
        "%(package)s AS package_id "
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


def _insert_rows(cursor: Cursor, statement: Statement, table: str, staged: str, items: tuple[str, ...]) -> None:
    columns = ", ".join(items)
    cursor.execute(
        f"INSERT INTO {table} (person_id, division_code, {columns}) "
        f"SELECT before.person_id, %s, {', '.join(f'{staged}.{name}' for name in items)} "
        f"FROM {staged} JOIN incoming USING (ssn) JOIN before USING (person_id)",
        [statement.division],
    )
