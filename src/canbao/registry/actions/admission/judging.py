"""Judging the touched people: their records are derived anew from all facts, and history keeps what changed."""

from __future__ import annotations

from dataclasses import asdict

from canbao.core.covers import SLOT_ITEMS, SLUGS, UNIT_ITEMS
from canbao.core.registration import DERIVED, OF_HOUSEHOLD
from canbao.core.surveying import SIGNED
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.duplicates import flag_duplicates
from canbao.registry.actions.admission.handing_over import hand_over
from canbao.registry.database import Cursor, by_index
from canbao.registry.derivation import Judging, judged, state

ITEMS = (
    "ssn", "name", "sex", "birth_date", "admin_division_code", *OF_HOUSEHOLD, "residence_address", "mobile",
    "vital_status", "death_date", "personal_status", *UNIT_ITEMS,
    *(f"{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS),
    *DERIVED, "is_household", "disposition", *(f"{item}_rule" for item in DERIVED), "disposition_rule",
    "qualities", "areas", "home",
)  # fmt: skip
"""What a record says of a person; who wrote it when follows from the rest."""
CODES_OF_PLACES = (
    "admin_division_code", "hukou_division_code", "hukou_town_code", "hukou_village_code", "home",
)  # fmt: skip
DIGEST = f"sha256(convert_to(ROW({', '.join(f'person.{name}' for name in (*ITEMS, *SIGNED))})::text, 'UTF8'))"
"""A record in short, as history keeps it. Written out, since a function would unpack the row for each column anew."""


def rejudge(cursor: Cursor, cause: Cause, judging: Judging) -> tuple[int, int, str]:
    """Derive the touched people's records; returns how many are new, how many changed, and history's digest."""
    _judge(cursor, judging)
    hand_over(cursor, cause)
    parameters = {"as_of": judging.as_of, **asdict(cause)}
    cursor.execute("CREATE TEMP TABLE told (person_id bigint, version integer, digest bytea) ON COMMIT DROP")
    with by_index(cursor):
        cursor.execute(_UPDATE, parameters)
        changed = cursor.rowcount
    cursor.execute(_INSERT, parameters)
    new = cursor.rowcount
    with by_index(cursor):
        cursor.execute(_SEEN, parameters)
    flag_duplicates(cursor, cause, judging.law)
    cursor.execute("SELECT encode(sha256(coalesce(string_agg(digest, '' ORDER BY person_id), '')), 'hex') FROM told")
    return new, changed, cursor.fetchone()[0]


def departed(cursor: Cursor, judging: Judging) -> list[int]:
    """Which of the touched people's records are not what follows from the facts; nothing is changed."""
    _judge(cursor, judging)
    cursor.execute(
        f"SELECT id FROM outcome JOIN known AS person ON person.id = outcome.person_id WHERE {_DIFFERS} ORDER BY id"
    )
    return [id_ for (id_,) in cursor.fetchall()]


def _judge(cursor: Cursor, judging: Judging) -> None:
    """The touched people's records as they follow from all facts: `outcome`."""
    state(cursor, judging)
    cursor.execute(f"CREATE TEMP TABLE outcome ON COMMIT DROP AS {judged(judging)}")
    cursor.execute("CREATE UNIQUE INDEX ON outcome (person_id)")
    cursor.execute("ANALYZE outcome (person_id)")
    _without_claim(cursor, _EMPTIED, "NOT EXISTS (SELECT FROM merged WHERE merged.person_id = person.id)")
    _without_claim(cursor, _MERGED, "EXISTS (SELECT FROM merged WHERE merged.person_id = person.id)")
    cursor.execute(_NEVER_ALONE)


def _without_claim(cursor: Cursor, values: dict[str, str], whose: str) -> None:
    """The records of those for whom no facts count: nobody says anything of them any more, or it counts for another."""
    columns = ", ".join(("person_id", *ITEMS, *SIGNED, "has_open_conflict"))
    taken = ", ".join(values.get(name, f"person.{name}") for name in (*ITEMS, *SIGNED))
    cursor.execute(
        f"INSERT INTO outcome ({columns}) SELECT person.id, {taken}, FALSE FROM known AS person "
        f"WHERE NOT EXISTS (SELECT FROM outcome WHERE outcome.person_id = person.id) AND {whose}"
    )


_EMPTIED = {
    **dict.fromkeys((*DERIVED, *(f"{item}_rule" for item in DERIVED), "disposition_rule"), "NULL"),
    **dict.fromkeys((f"{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS), "NULL"),
    "disposition": "'out_of_scope'",
    "is_household": "FALSE",
    "qualities": "0",
    **{name: f"place_today(person.{name})" for name in CODES_OF_PLACES},
    "areas": "areas_today(person.areas)",
}
"""People of whom nobody says anything any more keep their last record, without a claim on anything; where it says they
are is called by today's codes."""
_MERGED = {
    **dict.fromkeys(ITEMS, "NULL"),
    "ssn": "person.ssn",
    "is_household": "FALSE",
    "qualities": "0",
    "areas": "(SELECT outcome.areas FROM merged JOIN outcome ON outcome.person_id = into_id "
    "WHERE merged.person_id = person.id)",
    "home": "''",
}
"""A number that has become another one of a person keeps nothing but itself: in no list, and seen where they are."""

_NEVER_ALONE = (
    "INSERT INTO outcome (person_id, ssn, is_household, qualities, areas, home, has_open_conflict) "
    "SELECT merged.person_id, number.ssn, FALSE, 0, outcome.areas, '', FALSE FROM merged "
    "JOIN touched USING (person_id) JOIN outcome ON outcome.person_id = into_id, LATERAL (SELECT ssn "
    "FROM person_identifier WHERE person_id = merged.person_id OFFSET 0) AS number "
    "WHERE NOT EXISTS (SELECT FROM known WHERE known.id = merged.person_id)"
)
"""A number set apart from another person's and joined at once has a record of its own for the first time."""
_NAMES = ", ".join((*ITEMS, *SIGNED))
_TAKEN = ", ".join(f"outcome.{name}" for name in (*ITEMS, *SIGNED))
_DIFFERS = (
    f"(ROW({', '.join(f'person.{name}' for name in ITEMS)}, person.open_conflict) IS DISTINCT FROM "
    f"ROW({', '.join(f'outcome.{name}' for name in ITEMS)}, outcome.has_open_conflict) OR (outcome.is_surveyed AND "
    f"ROW({', '.join(f'person.{name}' for name in SIGNED)}) IS DISTINCT FROM "
    f"ROW({', '.join(f'outcome.{name}' for name in SIGNED)})))"
)
_CHANGES = ", ".join(
    f"('{name}', to_jsonb(person.{name}), to_jsonb(outcome.{name}))" for name in ITEMS if name != "qualities"
)

_INSERT = f"""
WITH made AS (
    INSERT INTO person (id, {_NAMES}, open_conflict, judged_on, version)
    SELECT outcome.person_id, {_TAKEN}, outcome.has_open_conflict, %(as_of)s, 1
    FROM outcome WHERE NOT EXISTS (SELECT FROM known WHERE known.id = outcome.person_id)
    RETURNING id, {DIGEST} AS digest
), noted AS (
    INSERT INTO history (person_id, version, at, kind, package_id, officer_id, request_id, changes, digest)
    SELECT id, 1, now(), 'registered', %(package)s, %(officer)s, %(request)s, '{{}}', digest FROM made
)
INSERT INTO told SELECT id, 1, digest FROM made
"""
_UPDATE = f"""
WITH differing AS (
    SELECT outcome.*, person.version + 1 AS next, (SELECT jsonb_object_agg(item, jsonb_build_array(old, new))
        FROM (VALUES {_CHANGES}) AS each (item, old, new) WHERE old IS DISTINCT FROM new) AS changes
    FROM outcome JOIN known AS person ON person.id = outcome.person_id WHERE {_DIFFERS}
), made AS (
    UPDATE person SET {", ".join(f"{name} = outcome.{name}" for name in (*ITEMS, *SIGNED))},
        open_conflict = outcome.has_open_conflict, judged_on = %(as_of)s, version = outcome.next
    FROM differing AS outcome WHERE outcome.person_id = person.id
    RETURNING id, version, outcome.changes, {DIGEST} AS digest
), noted AS (
    INSERT INTO history (person_id, version, at, kind, package_id, officer_id, request_id, changes, digest)
    SELECT id, version, now(), %(kind)s, %(package)s, %(officer)s, %(request)s, coalesce(changes, '{{}}'), digest
    FROM made
)
INSERT INTO told SELECT id, version, digest FROM made
"""
_SEEN = (
    "UPDATE person SET judged_on = %(as_of)s FROM known WHERE known.id = person.id AND person.judged_on <> %(as_of)s"
)
