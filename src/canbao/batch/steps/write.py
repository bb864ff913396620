"""Write: the queries whose answers are the files of OUT/, each in its fixed order of columns and rows."""

from __future__ import annotations

from canbao.batch.steps import expressions as to
from canbao.batch.steps.clean import Cleaning
from canbao.batch.steps.derive import benefit, contribution, enrolment, region_number, rule_columns
from canbao.batch.steps.rows import file_of, row_of
from canbao.batch.steps.step import literal
from canbao.core.covers import SLOT_ITEMS, SLUGS, UNIT_ITEMS

PERSON_COLUMNS = (
    "ssn", "name", "sex", "birth_date", "admin_division_code", "ethnicity", "hukou_address", "hukou_division_code",
    "hukou_town_name", "hukou_town_code", "hukou_village_name", "hukou_village_code", "residence_address", "mobile",
    "vital_status", "death_date", "personal_status", "employment_status", "no_unit_type", "registration_status",
    "uninsured_reason", "unit_no", "unit_name", "unit_type",
    *(f"{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS),
    "wi_disability_allowance_status", "wi_survivor_pension_status", "is_household", "disposition",
    "operator_name", "operated_at", "reviewer_name", "reviewed_at", *rule_columns(),
)  # fmt: skip
COVER_COLUMNS = (
    "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category",
    "personal_status", "unit_no", "unit_name", "unit_type", "mobile", "updated_at",
)  # fmt: skip
EVIDENCE_COLUMNS = ("ssn", "kind", "quality", "source", "row", "holds")
SURVEY_COLUMNS = (
    "hukou_division_code", "hukou_town_code", "hukou_town_name", "hukou_village_code", "hukou_village_name",
    "ssn", "name", "sex", "birth_date", "hukou_address", "residence_address", "mobile", "employment_status",
    "no_unit_type", "uninsured_reason", "uninsured_reason_rule",
)  # fmt: skip

SLOT_STATES = tuple(f"{slug}_{item}" for slug in SLUGS for item in ("contrib_status", "benefit_status"))
SLOT_REGIONS = tuple(f"{slug}_region_code" for slug in SLUGS)
"""Columns that come as integers standing for their digits; `spelling.spelled` makes them text."""


def persons() -> str:
    """The query for persons.parquet; states and regions of slots come as integers, which `outputs` spells out."""
    unpacked = {}
    for slug in SLUGS:
        pack = f"{slug}_pack"
        unpacked[f"{slug}_contrib_status"] = f"CAST(nullif({contribution(pack)}, 0) AS INTEGER)"
        unpacked[f"{slug}_benefit_status"] = f"CAST(nullif({benefit(pack)}, 0) AS INTEGER)"
        unpacked[f"{slug}_enrol_date"] = enrolment(pack)
        unpacked[f"{slug}_region_code"] = f"CAST({region_number(pack)} AS INTEGER)"
    columns = ", ".join(f"{unpacked[name]} AS {name}" if name in unpacked else name for name in PERSON_COLUMNS)
    return f"SELECT {columns} FROM finished"


TYPE_ORDER = " ".join(f"WHEN {literal(slug)} THEN {place}" for place, slug in enumerate(sorted(SLUGS)))


def place_of(pointer: str) -> str:
    """The file as its number, which `spelling.spelled` makes its label, and the row in it."""
    return f"CAST({file_of(pointer)} AS INTEGER) AS source, {row_of(pointer)} AS row"


INSURANCES = (
    f"SELECT {to.number('rows.key', 'other_numbers.ssn')} AS ssn, name, {', '.join(COVER_COLUMNS)}, "
    f"{place_of('pointer')} FROM merged_insurance AS rows LEFT JOIN other_numbers ON other_numbers.key = rows.key "
    f"ORDER BY rows.key, CASE insurance_type {TYPE_ORDER} END, pointer"
)
FINDINGS = "SELECT * FROM all_findings ORDER BY ssn NULLS LAST, source, row, rule, field, value"
CONFLICTS = "SELECT * FROM all_conflicts ORDER BY ssn, source, row"
SURVEY = (
    "SELECT * FROM all_survey "
    "ORDER BY hukou_division_code NULLS LAST, hukou_town_code NULLS LAST, hukou_village_code NULLS LAST, ssn"
)
UNUSED = "SELECT * FROM all_unused ORDER BY kind, source, row"
PART_CONFLICTS = (
    f"SELECT {to.number('conflicts.key', 'other_numbers.ssn')} AS ssn, reference_name, other_name, "
    f"files.label AS source, {row_of('pointer')} AS row, similarity FROM conflicts "
    "LEFT JOIN other_numbers ON other_numbers.key = conflicts.key "
    f"JOIN files ON files.file = {file_of('pointer')}"
)
PART_SURVEY = f"SELECT {', '.join(SURVEY_COLUMNS)} FROM finished WHERE disposition = 'survey'"


HELD: dict[str, dict[str, tuple[str, ...]]] = {
    "household": {"mobile": ("mobile",), "residence_address": ("residence_address",)},
    "card": {"mobile": ("mobile",), "residence_address": ("residence_address",)},
    "labour": {"unit": UNIT_ITEMS},
}
"""The items that a source may complete, and the columns of which one must be filled for that."""

ITEMS_HELD = ("mobile", "residence_address", "unit")
HOLDINGS = {
    bits: ",".join(item for place, item in enumerate(ITEMS_HELD) if bits >> place & 1)
    for bits in range(1, 1 << len(ITEMS_HELD))
}
"""What the integers of the column `holds` mean, one bit an item."""


def evidence(sources: tuple[str, ...], cleaning: Cleaning) -> str:
    """Each row that is not cover, once for each quality it has (or once without one), as the facts to derive from.

    `holds` comes as an integer (HOLDINGS): the items that may be completed from the row, nothing where another row of
    the person and source stands before it.
    """
    parts = []
    for source in sources:
        mine = f"SELECT key, pointer, {literal(source)} AS kind, {_held(source)} AS held"
        own = [one.id for one in cleaning.law.qualities.values() if one.of == source]
        parts += [f"{mine}, {literal(id_)} AS quality FROM merged_{source} WHERE {_has(id_, cleaning)}" for id_ in own]
        parts.append(f"{mine}, CAST(NULL AS VARCHAR) AS quality FROM merged_{source} WHERE qualities = 0")
    return (
        f"SELECT {to.number('rows.key', 'other_numbers.ssn')} AS ssn, kind, quality, {place_of('rows.pointer')}, "
        "CASE WHEN passed_over.pointer IS NULL THEN nullif(held, 0) END AS holds "
        f"FROM ({' UNION ALL '.join(parts)}) AS rows LEFT JOIN other_numbers ON other_numbers.key = rows.key "
        "LEFT JOIN passed_over ON passed_over.pointer = rows.pointer ORDER BY rows.key, rows.pointer, quality"
    )


def _held(source: str) -> str:
    """The items that a row may complete, as bits."""
    filled = {
        item: " OR ".join(f"{one} IS NOT NULL" for one in columns) for item, columns in HELD.get(source, {}).items()
    }
    bits = (f"CASE WHEN {filled[item]} THEN {1 << ITEMS_HELD.index(item)} ELSE 0 END" for item in filled)
    return f"CAST({' + '.join(bits) or '0'} AS INTEGER)"


def _has(quality: str, cleaning: Cleaning) -> str:
    return f"(qualities & {1 << cleaning.columns.quality_bits[quality]}) <> 0"


def part_unused(sources: tuple[str, ...]) -> str:
    """The rows that are in no person, each with what became of it: kind, source, row, ssn, fate."""
    parts = [
        f"SELECT key, pointer, {literal(source)} AS kind, fate FROM clean_{source} WHERE fate IS NOT NULL"
        for source in sources
    ]
    parts.append("SELECT key, pointer, source AS kind, fate FROM fates WHERE fate <> 'merged'")
    return (
        f"SELECT kind, files.label AS source, {row_of('pointer')} AS row, "
        f"{to.number('rows.key', 'other_numbers.ssn')} AS ssn, fate FROM ({' UNION ALL '.join(parts)}) AS rows "
        f"JOIN files ON files.file = {file_of('pointer')} LEFT JOIN other_numbers ON other_numbers.key = rows.key"
    )
