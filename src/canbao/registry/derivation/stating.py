"""What is stated of the touched people: all divisions' facts under all their numbers, put right where officers did.

Makes the temporary table `stated`: one row for each fact that is not held out. `person_id` is for whom it counts,
`holder_id` under whose number it was said. What surveys found stands over it where they know best (`answering`),
corrections in place of all of it, and codes of places that are no more are those of today; the facts themselves stay as
they were said.
"""

from __future__ import annotations

from canbao.registry.database import Cursor
from canbao.registry.derivation.answering import ask, complete
from canbao.registry.derivation.reading import Judging

CORRECTABLE = (
    "name", "sex", "birth_date", "ethnicity", "hukou_address", "hukou_division_code", "hukou_town_name",
    "hukou_town_code", "hukou_village_name", "hukou_village_code", "residence_address", "mobile", "vital_status",
    "death_date", "unit_no", "unit_name", "unit_type",
)  # fmt: skip
"""The items that officers can correct; what follows from others follows from them, and covers are put right by those
who keep them."""


def state(cursor: Cursor, judging: Judging) -> None:
    """Gather the facts to judge by: `stated`, and what surveys found, `surveyed`."""
    cursor.execute(_STATED)
    cursor.execute(_RENUMBERED)
    is_surveyed = ask(cursor, judging)
    cursor.execute(_FIXED)
    if cursor.rowcount:
        cursor.execute(_corrected("stated.holder_id", judging.bits))
        cursor.execute(_corrected("stated.person_id", judging.bits))
    cursor.execute("SELECT EXISTS (SELECT FROM place_now)")
    if cursor.fetchone()[0]:
        cursor.execute(_MOVED)
    if is_surveyed:
        complete(cursor)
    cursor.execute("ANALYZE stated (person_id)")


_STATED = """
CREATE TEMP TABLE stated ON COMMIT DROP AS SELECT held.person_id, held.holder_id, fact.* FROM (
    SELECT person_id, person_id AS holder_id FROM touched
    WHERE NOT EXISTS (SELECT FROM merged WHERE merged.person_id = touched.person_id)
    UNION ALL SELECT into_id, merged.person_id FROM merged JOIN touched ON touched.person_id = merged.into_id
) AS held, LATERAL (SELECT {items} FROM person_fact WHERE person_id = held.holder_id OFFSET 0) AS fact
WHERE NOT fact.is_held
""".format(
    items=", ".join(
        (
            "division_code", "ssn", "admin_division_code", "is_household", "qualities", "open_conflict", "is_held",
            "as_of", "since", *CORRECTABLE,
        )
    )
)  # fmt: skip
_RENUMBERED = (
    "UPDATE stated SET ssn = assigned.number FROM registry_assignment AS assigned "
    "WHERE assigned.person_id = stated.holder_id AND assigned.revoked_by_id IS NULL"
)
"""Who was registered apart from a number has one of their own, whatever sources still say."""
_FIXED = """
CREATE TEMP TABLE fixed ON COMMIT DROP AS SELECT each.person_id, jsonb_object_agg(item, value) AS items
FROM (SELECT person_id FROM stated UNION SELECT holder_id FROM stated) AS each, LATERAL (SELECT item, value
    FROM registry_correction WHERE person_id = each.person_id AND revoked_by_id IS NULL OFFSET 0) AS correction
GROUP BY each.person_id
"""


def _corrected(whose: str, bits: dict[str, int]) -> str:
    """Corrections of one number first, then those of the person that it belongs to."""
    dead = 1 << bits["death_reported"]
    items = ", ".join(f"{item} = {_fixed(item)}" for item in CORRECTABLE)
    qualities = (
        f"CASE items ->> 'vital_status' WHEN '2' THEN qualities | {dead}::bigint "
        f"WHEN '1' THEN qualities & ~{dead}::bigint ELSE qualities END"
    )
    return f"UPDATE stated SET {items}, qualities = {qualities} FROM fixed WHERE fixed.person_id = {whose}"


def _fixed(item: str) -> str:
    kind = "date" if item.endswith("_date") else "text"
    return f"CASE WHEN jsonb_exists(items, '{item}') THEN (items ->> '{item}')::{kind} ELSE stated.{item} END"


_MOVED = """
UPDATE stated SET hukou_village_code = village, hukou_village_name = moved.village_name,
    hukou_town_code = CASE WHEN hukou_town_code IS NULL OR village IS NULL OR village = hukou_village_code THEN town
        ELSE left(village, 9) END,
    hukou_town_name = moved.town_name,
    hukou_division_code = CASE WHEN hukou_division_code IS NULL THEN NULL
        WHEN village <> hukou_village_code THEN left(village, 6) WHEN town <> hukou_town_code THEN left(town, 6)
        ELSE division END,
    admin_division_code = managing
FROM (
    SELECT holder_id AS holder, division_code AS teller,
        coalesce(v.new_code, vt.new_code || substr(hukou_village_code, 10),
            vd.new_code || substr(hukou_village_code, 7), hukou_village_code) AS village,
        coalesce(nullif(v.name, ''), hukou_village_name) AS village_name,
        coalesce(t.new_code, td.new_code || substr(hukou_town_code, 7), hukou_town_code) AS town,
        coalesce(nullif(v.town_name, ''), CASE WHEN v.old_code IS NULL THEN nullif(vt.name, '') END,
            CASE WHEN hukou_village_code IS NULL THEN nullif(t.name, '') END, hukou_town_name) AS town_name,
        coalesce(d.new_code, hukou_division_code) AS division, coalesce(m.new_code, admin_division_code) AS managing
    FROM stated LEFT JOIN place_now AS v ON v.old_code = hukou_village_code
    LEFT JOIN place_now AS vt ON vt.old_code = left(hukou_village_code, 9)
    LEFT JOIN place_now AS vd ON vd.old_code = left(hukou_village_code, 6)
    LEFT JOIN place_now AS t ON t.old_code = hukou_town_code
    LEFT JOIN place_now AS td ON td.old_code = left(hukou_town_code, 6)
    LEFT JOIN place_now AS d ON d.old_code = hukou_division_code
    LEFT JOIN place_now AS m ON m.old_code = admin_division_code
    WHERE coalesce(v.old_code, vt.old_code, vd.old_code, t.old_code, td.old_code, d.old_code, m.old_code) IS NOT NULL
) AS moved WHERE stated.holder_id = moved.holder AND stated.division_code = moved.teller
"""
"""Today's codes: the place's own new one, else that of the smallest place it lies in, with the last digits kept.

The village says where town and county are, the town where the county is; a name is followed only where it changed.
"""
