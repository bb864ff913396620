"""Write: the queries whose answers are the files of OUT/, each in its fixed order of columns and rows."""

from __future__ import annotations

from canbao.batch.steps.clean import Cleaning
from canbao.batch.steps.derive import rule_columns
from canbao.batch.steps.rows import file_of, row_of
from canbao.batch.steps.step import literal
from canbao.core.covers import SLUGS

SLOT_ITEMS = ("contrib_status", "benefit_status", "enrol_date", "region_code")
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
SURVEY_COLUMNS = (
    "hukou_division_code", "hukou_town_code", "hukou_town_name", "hukou_village_code", "hukou_village_name", "ssn", "name",
    "sex", "birth_date", "hukou_address", "residence_address", "mobile", "employment_status", "no_unit_type",
    "uninsured_reason", "uninsured_reason_rule",
)  # fmt: skip

PERSONS = f"SELECT {', '.join(PERSON_COLUMNS)} FROM finished ORDER BY key"
INSURANCES = (
    f"SELECT ssns.ssn, rows.name, {', '.join(COVER_COLUMNS)}, files.label AS source, {row_of('pointer')} AS row "
    f"FROM merged_insurance AS rows JOIN ssns ON ssns.key = rows.key JOIN files ON files.file = {file_of('pointer')} "
    "ORDER BY rows.key, insurance_type, pointer"
)
FINDINGS = "SELECT * FROM all_findings ORDER BY ssn NULLS LAST, source, row, rule, field, value"
CONFLICTS = "SELECT * FROM all_conflicts ORDER BY ssn, source, row"
SURVEY = (
    "SELECT * FROM all_survey "
    "ORDER BY hukou_division_code NULLS LAST, hukou_town_code NULLS LAST, hukou_village_code NULLS LAST, ssn"
)
PART_CONFLICTS = (
    f"SELECT ssns.ssn, reference_name, other_name, files.label AS source, {row_of('pointer')} AS row, similarity "
    f"FROM conflicts JOIN ssns ON ssns.key = conflicts.key JOIN files ON files.file = {file_of('pointer')}"
)
PART_SURVEY = f"SELECT {', '.join(SURVEY_COLUMNS)} FROM finished WHERE disposition = 'survey'"


def evidence(sources: list[str], cleaning: Cleaning) -> str:
    """Each row that is not cover, once for each quality it has (or once without one), as the facts to derive from."""
    bits = cleaning.columns.quality_bits
    parts = []
    for source in sources:
        own = [quality.id for quality in cleaning.law.qualities.values() if quality.of == source]
        values = ", ".join(f"CASE WHEN (qualities & {1 << bits[id_]}) <> 0 THEN {literal(id_)} END" for id_ in own)
        listed = f"list_filter([{values}], lambda one: one IS NOT NULL)" if own else "[]"
        named = (
            f"unnest(CASE WHEN qualities = 0 THEN [CAST(NULL AS VARCHAR)] ELSE {listed} END)"
            if own
            else "CAST(NULL AS VARCHAR)"
        )
        parts.append(f"SELECT key, pointer, {literal(source)} AS kind, {named} AS quality FROM merged_{source}")
    union = " UNION ALL ".join(parts)
    return (
        f"SELECT ssns.ssn, kind, quality, files.label AS source, {row_of('pointer')} AS row FROM ({union}) AS rows "
        f"JOIN ssns ON ssns.key = rows.key JOIN files ON files.file = {file_of('pointer')} "
        "ORDER BY rows.key, pointer, quality"
    )
