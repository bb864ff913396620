"""What is known of a person from all divisions' facts, before anything is decided.

`core.registration` says the same of one person, slowly; what one city's cleaning chooses among its rows
(docs/contract.md, 4 and 6) is here chosen among divisions, and among the numbers of a person who has several. Reads the
temporary tables `stated` (derivation.stating), with its rows in insurance_fact, `surveyed` and `known`.
"""

from __future__ import annotations

from canbao.core.covers import SLOT_ITEMS, SLOT_ORDER_SQL, SLUGS, UNIT_ITEMS, UNIT_ORDER
from canbao.core.registration import COMPARED, OF_HOUSEHOLD
from canbao.core.surveying import SIGNED
from canbao.law.places import PROVINCE

_SLOT = ", ".join(("insurance_type", *SLOT_ITEMS, "personal_status", *UNIT_ITEMS))
_SLOT_ORDER = f"{SLOT_ORDER_SQL}, division_code, source, row"
_SAME_TYPE = "FILTER (WHERE contrib_status = '1' OR benefit_status = '1') OVER (PARTITION BY told.id, insurance_type)"
"""The covers of a type that are paid or drawn: in two places they may exclude each other (`admission.duplicates`)."""
_OWN_FIRST = "(holder_id = person_id) DESC, since, division_code, holder_id"
"""The number that is kept before the others, then whoever spoke first."""
_NEXT = f"as_of DESC, {_OWN_FIRST}"
"""Among divisions without a claim of their own: whoever looked last."""
_HOUSEHOLD_FIRST = (
    f"(division_code = '{PROVINCE}') DESC, "
    f"(left(hukou_division_code, 4) = left(division_code, 4)) DESC NULLS LAST, {_OWN_FIRST}"
)
"""Of several divisions with a household row: the police list of the province, the city in whose area the place
lies, then whoever had it first (the later one has a conflict to settle)."""


def known_items(bits: dict[str, int]) -> str:
    """The query for every person's items, one row a person; `bits` are those of the qualities."""
    household = ", ".join(f"household.{name}" for name in OF_HOUSEHOLD if name != "ethnicity")
    return f"""
WITH household AS (
    SELECT DISTINCT ON (person_id) * FROM stated WHERE is_household ORDER BY person_id, {_HOUSEHOLD_FIRST}
), first AS (
    SELECT DISTINCT ON (person_id) * FROM stated ORDER BY person_id, {_OWN_FIRST}
), slot AS (
    SELECT DISTINCT ON (told.id, insurance_type) told.id AS person_id, {_SLOT}, {_unit_rank()} AS unit_rank,
        min(region_code) {_SAME_TYPE} <> max(region_code) {_SAME_TYPE} AS is_doubled
    FROM (SELECT person_id AS id, holder_id, division_code AS division FROM stated) AS told, LATERAL (SELECT *
        FROM insurance_fact WHERE person_id = told.holder_id OFFSET 0) AS cover
    WHERE division_code = division
    ORDER BY told.id, insurance_type, {_SLOT_ORDER}
), slots AS (
    SELECT person_id, {_pivot()}, bool_or(is_doubled) AS is_doubled,
        min(unit_rank * 1000 + personal_status::integer) % 1000 AS personal_status
    FROM slot GROUP BY person_id
), main AS (
    SELECT DISTINCT ON (person_id) * FROM slot ORDER BY person_id, unit_rank
), sums AS (
    SELECT person_id, bit_or(qualities) AS qualities, bool_or(open_conflict) AS open_conflict,
        bool_or(is_household) AS is_household, min(death_date) AS death_date,
        array_agg({_area()}) AS areas,
        {_latest("mobile")}, {_latest("residence_address")}, {_latest("sex")}, {_latest("birth_date")},
        {", ".join(_latest(name, "coalesce(unit_no, unit_name)") for name in UNIT_ITEMS)}
    FROM (SELECT * FROM stated ORDER BY person_id, {_NEXT}) AS sorted GROUP BY person_id
)
SELECT sums.person_id, coalesce(known.ssn, first.ssn) AS ssn, coalesce(household.name, first.name) AS name,
    coalesce(household.sex, sums.sex) AS sex, coalesce(household.birth_date, sums.birth_date) AS birth_date,
    coalesce(household.hukou_division_code, {_now("main.region_code")}, first.admin_division_code)
        AS admin_division_code,
    coalesce(household.ethnicity, surveyed.ethnicity) AS ethnicity, {household},
    coalesce(household.residence_address, sums.residence_address) AS residence_address,
    coalesce(household.mobile, sums.mobile) AS mobile,
    {_vital(bits)} AS vital_status, sums.death_date,
    coalesce(surveyed.personal_status, lpad(slots.personal_status::text, 2, '0')) AS personal_status, {_units()},
    {", ".join(f"slots.{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS)},
    sums.is_household, slots.is_doubled, sums.qualities, sums.open_conflict AS has_open_conflict,
    CASE WHEN sums.open_conflict THEN '1' ELSE '0' END AS open_conflict, {_AREAS} AS areas,
    coalesce(household.hukou_village_code, household.hukou_town_code, household.hukou_division_code,
        {_now("main.region_code")}, first.admin_division_code, '') AS home, {_signed()}
FROM sums JOIN first USING (person_id) LEFT JOIN household USING (person_id) LEFT JOIN slots USING (person_id)
LEFT JOIN main USING (person_id) LEFT JOIN known ON known.id = sums.person_id
LEFT JOIN surveyed ON surveyed.person_id = sums.person_id
"""


_AREAS = (
    "CASE WHEN cardinality(sums.areas) = 1 THEN sums.areas[1] "
    "ELSE (SELECT string_agg(DISTINCT area, '' ORDER BY area) FROM unnest(sums.areas) AS each (area)) END"
)
"""All divisions' areas, in one order whoever reported first."""


def _now(code: str) -> str:
    """The code that has taken a place's, or the same."""
    return f"coalesce((SELECT new_code FROM place_now WHERE old_code = {code}), {code})"


def _unit_rank() -> str:
    return "CASE insurance_type " + " ".join(f"WHEN '{slug}' THEN {at}" for at, slug in enumerate(UNIT_ORDER)) + " END"


def _pivot() -> str:
    """A slot is one row, so max() only carries its value along."""
    return ", ".join(
        f"max({item}) FILTER (WHERE insurance_type = '{slug}') AS {slug}_{item}"
        for slug in SLUGS
        for item in SLOT_ITEMS
    )


def _latest(name: str, told: str = "") -> str:
    """The value of whoever looked last among those who say one; rows come sorted, so the first one is it."""
    return f"(array_agg({name}) FILTER (WHERE {told or name} IS NOT NULL))[1] AS {name}"


def _area() -> str:
    """Whose officers may see the person: those of the household's place, and those of the division that reports."""
    place = "coalesce(hukou_village_code, hukou_town_code, hukou_division_code)"
    local = f"CASE WHEN is_household AND {place} IS NOT NULL THEN '|' || {place} ELSE '' END"
    managed = "left(admin_division_code, 4) = left(division_code, 4) AND NOT is_household"
    division = f"CASE WHEN {managed} THEN '|' || admin_division_code ELSE '|' || left(division_code, 4) END"
    return f"{local} || CASE WHEN division_code = '{PROVINCE}' AND is_household THEN '' ELSE {division} END"


def _vital(bits: dict[str, int]) -> str:
    """生存状态 as `core.registration.vital_status` has it."""
    insured = f"sums.qualities & {1 << bits['active_cover']} <> 0 AND sums.qualities & {1 << bits['household']} = 0"
    dead = f"sums.qualities & {1 << bits['death_reported']} <> 0"
    return (
        f"CASE WHEN {dead} THEN '2' WHEN household.vital_status IS NOT NULL THEN household.vital_status "
        f"WHEN {insured} THEN '1' END"
    )


def _units() -> str:
    named = "coalesce({0}.unit_no, {0}.unit_name) IS NOT NULL"
    return ", ".join(
        f"CASE WHEN {named.format('main')} THEN main.{name} WHEN {named.format('sums')} THEN sums.{name} "
        f"WHEN {named.format('surveyed')} THEN surveyed.{name} END AS {name}"
        for name in UNIT_ITEMS
    )


def _signed() -> str:
    """Who has entered and reviewed the record: those of the survey, or nobody but the comparison."""
    compared = {name: f"'{COMPARED}'" if name.endswith("_name") else "now()" for name in SIGNED}
    signed = ", ".join(f"coalesce(surveyed.{name}, {compared[name]}) AS {name}" for name in SIGNED)
    return f"{signed}, surveyed.person_id IS NOT NULL AS is_surveyed"
