"""Slot: one row per insurance type, and one line per person with all that deciding needs, in one aggregation.

A slot is packed into one integer (enrolment day, region, benefit, contribution), so that taking the one row of a type
carries all its values along; texts to choose from carry their rank in front, so that min() is the choice.
"""

from __future__ import annotations

from canbao.batch.steps.expressions import FIRST_FOREIGN_KEY
from canbao.batch.steps.match import rivals
from canbao.batch.steps.step import Step, literal, table, view
from canbao.core.covers import SLOT_ORDER_SQL, SLUGS, UNIT_ITEMS, UNIT_ORDER
from canbao.core.registration import OF_HOUSEHOLD
from canbao.law.models import DuplicateCover
from canbao.law.reader import Law

PACK_EPOCH = "DATE '1799-12-31'"
REGION_SHIFT, DAY_SHIFT = 4, 24
HOUSEHOLD_TEXTS = (*OF_HOUSEHOLD, "residence_address", "vital_status")
UNIT_END = "\x1f"

ORDERS = {
    "insurance": SLOT_ORDER_SQL,
    "household": " + ".join(
        f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"
        for column in (
            "hukou_division_code",
            "hukou_town_code",
            "hukou_village_code",
            "residence_address",
            "vital_status",
        )
    ),
    "labour": "registered_on DESC NULLS LAST",
    "card": "mobile NULLS LAST",
    "death": "death_date NULLS LAST",
}
"""Which of a person's competing rows stands for them; sources not named have nothing to choose between."""


def passed_over(sources: list[str], law: Law) -> Step:
    """The merged rows of special persons that another row of theirs stands before.

    After the order of meaning come all columns, so that the choice does not depend on where a row stood.
    """
    parts = [
        f"SELECT pointer, row_number() OVER (PARTITION BY rows.key, {rivals(source)} ORDER BY {_total(law, source)}) "
        f"AS place FROM merged_{source} AS rows SEMI JOIN special ON special.key = rows.key"
        for source in ORDERS
        if source in sources
    ]
    return table("passed_over", f"SELECT pointer FROM ({' UNION ALL '.join(parts)}) AS placed WHERE place > 1")


def _total(law: Law, source: str) -> str:
    columns = [f"{column.name} NULLS LAST" for column in law.sources[source].columns if column.name != "ssn"]
    return ", ".join([ORDERS[source], *columns, "pointer"])


def person_rows(sources: list[str]) -> Step:
    """All merged rows in one shape, narrow: what a row adds to its person."""
    parts = [f"SELECT {_shape(source)} FROM merged_{source} AS rows {_best_join(source)}" for source in sources]
    return view("person_rows", " UNION ALL ".join(parts))


def persons(sources: list[str]) -> Step:
    """One line per person in the order of keys: sums over all rows, and the texts of the household row that stands."""
    slots = ", ".join(f"max(pack) FILTER (WHERE slot = {place}) AS {slug}_pack" for place, slug in enumerate(SLUGS))
    summed = (
        "SELECT key, any_value(name) AS name, bit_or(qualities) AS qualities, bit_or(marks) AS marks, "
        "min(pointer) AS first_row, min(household_row) AS household_row, min(unit) AS unit, "
        "min(labour_unit) AS labour_unit, min(mobile) AS mobile, "
        "min(card_address) AS card_address, min(personal_status) AS personal_status, min(identity) AS identity, "
        f"min(death_date) AS death_date, {slots} FROM person_rows GROUP BY key"
    )
    household = ", ".join(f"household.{name}" for name in HOUSEHOLD_TEXTS)
    return table(
        "person_sums",
        "SELECT sums.* REPLACE (coalesce(reference_names.name, sums.name) AS name), "
        f"coalesce(conflicted.open, FALSE) AS open_conflict, other_numbers.ssn AS other_ssn, {household} "
        f"FROM ({summed}) AS sums LEFT JOIN reference_names ON reference_names.key = sums.key "
        "LEFT JOIN (SELECT DISTINCT key, TRUE AS open FROM conflicts) AS conflicted ON conflicted.key = sums.key "
        "LEFT JOIN other_numbers ON other_numbers.key = sums.key "
        "LEFT JOIN merged_household AS household ON household.pointer = sums.household_row ORDER BY sums.key",
        ordered=True,
    )


def duplicates(law: Law) -> Step:
    """Covers that exclude each other, one line per person and rule: key, rule, types or places, and a row.

    Who has died is often known to others only: covers after death are the register's to find.
    """
    labels = {code.code: code.label for code in law.codes["insurance_type"].codes}
    parts = [
        _across_places(rule) if rule.among == "places" else _across_types(rule, labels)
        for rule in law.duplicate_cover
        if rule.among != "death"
    ]
    return table("duplicates", " UNION ALL ".join(parts))


def _across_places(rule: DuplicateCover) -> str:
    types = ", ".join(literal(slug) for slug in rule.types)
    return (
        f"SELECT rows.key, {literal(rule.id)} AS rule, any_value(insurance_type) AS field, "
        "string_agg(DISTINCT region_code, '、' ORDER BY region_code) AS value, min(pointer) AS pointer "
        "FROM merged_insurance AS rows SEMI JOIN special ON special.key = rows.key "
        f"WHERE {rule.state} = '1' AND insurance_type IN ({types}) "
        "GROUP BY rows.key, insurance_type HAVING count(DISTINCT region_code) > 1"
    )


def _across_types(rule: DuplicateCover, labels: dict[str, str]) -> str:
    mask = sum(1 << _mark(slug, rule.state) for slug in rule.types)
    return (
        f"SELECT key, {literal(rule.id)} AS rule, {literal(rule.types[0])} AS field, "
        f"{literal('、'.join(labels[slug] for slug in rule.types))} AS value, first_row AS pointer "
        f"FROM person_sums WHERE (marks & {mask}) = {mask}"
    )


def _mark(slug: str, state: str) -> int:
    return 2 * SLUGS.index(slug) + (state == "benefit_status")


def _marks() -> str:
    terms = [
        f"CASE WHEN insurance_type = {literal(slug)} AND {state} = '1' THEN {1 << _mark(slug, state)} ELSE 0 END"
        for slug in SLUGS
        for state in ("contrib_status", "benefit_status")
    ]
    return " + ".join(terms)


_EMPTY = {
    "marks": "0",
    "household_row": "CAST(NULL AS BIGINT)",
    "slot": "CAST(NULL AS TINYINT)",
    "pack": "CAST(NULL AS BIGINT)",
    "unit": "CAST(NULL AS VARCHAR)",
    "labour_unit": "CAST(NULL AS VARCHAR)",
    "mobile": "CAST(NULL AS VARCHAR)",
    "card_address": "CAST(NULL AS VARCHAR)",
    "personal_status": "CAST(NULL AS BIGINT)",
    "death_date": "CAST(NULL AS DATE)",
    "identity": "CAST(NULL AS VARCHAR)",
}


def _shape(source: str) -> str:
    columns = {**_EMPTY, **_OWN.get(source, dict)()}
    rest = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    return f"rows.key, rows.pointer, name, qualities, {rest}"


def _best_join(source: str) -> str:
    return "LEFT JOIN passed_over ON passed_over.pointer = rows.pointer" if source in ORDERS else ""


def _best(expression: str) -> str:
    return f"CASE WHEN passed_over.pointer IS NULL THEN {expression} END"


def _identity(rank: str, sex: str, birth: str) -> str:
    known = f"{literal(rank)} || coalesce({sex}, '0') || coalesce(CAST({birth} AS VARCHAR), '')"
    return f"CASE WHEN rows.key >= {FIRST_FOREIGN_KEY} AND ({sex} IS NOT NULL OR {birth} IS NOT NULL) THEN {known} END"


def _household() -> dict[str, str]:
    return {
        "household_row": _best("rows.pointer"),
        "mobile": _best("'0' || mobile"),
        "identity": _best(_identity("0", "coalesce(judged_sex, sex)", "coalesce(judged_birth_date, birth_date)")),
    }


def _insurance() -> dict[str, str]:
    place = " ".join(f"WHEN {literal(slug)} THEN {index}" for index, slug in enumerate(SLUGS))
    rank = " ".join(f"WHEN {literal(slug)} THEN {index}" for index, slug in enumerate(UNIT_ORDER))
    inverted = "lpad(CAST(99999999999999 - CAST(strftime(updated_at, '%Y%m%d%H%M%S') AS BIGINT) AS VARCHAR), 14, '0')"
    return {
        "marks": _marks(),
        "slot": _best(f"CASE insurance_type {place} END"),
        "pack": _pack(),
        "unit": _best(f"CAST(CASE insurance_type {rank} END AS VARCHAR) || {_unit()}"),
        "mobile": f"CASE WHEN mobile IS NOT NULL THEN '2' || coalesce({inverted}, '99999999999999') || mobile END",
        "personal_status": _best(f"(CASE insurance_type {rank} END) * 1000 + CAST(personal_status AS BIGINT)"),
        "identity": _identity("1", "coalesce(judged_sex, sex)", "coalesce(judged_birth_date, birth_date)"),
    }


def _pack() -> str:
    days = f"coalesce(date_diff('day', {PACK_EPOCH}, enrol_date), 0)"
    region = "coalesce(CAST(region_code AS BIGINT), 0)"
    states = "coalesce(CAST(benefit_status AS BIGINT), 0) * 4 + coalesce(CAST(contrib_status AS BIGINT), 0)"
    return f"({days} << {DAY_SHIFT}) + ({region} << {REGION_SHIFT}) + {states}"


def _unit() -> str:
    return f" || {literal(UNIT_END)} || ".join(f"coalesce({column}, '')" for column in UNIT_ITEMS)


def _labour() -> dict[str, str]:
    return {"labour_unit": _best(_unit())}


def _card() -> dict[str, str]:
    return {"mobile": _best("'1' || mobile"), "card_address": _best("residence_address")}


def _death() -> dict[str, str]:
    return {"death_date": "death_date"}


_OWN = {"household": _household, "insurance": _insurance, "labour": _labour, "card": _card, "death": _death}
