"""Findings: what was wrong where, gathered from rows, from matching, from slots and from finished persons."""

from __future__ import annotations

from canbao.batch.steps import expressions as to
from canbao.batch.steps.check import Mark, person_findings
from canbao.batch.steps.rows import FIELD_END, FINDING_END, file_of, pointer, row_of
from canbao.batch.steps.step import literal

FATES = {"identical": "identical_row", "held": "name_conflict", "other_name": "name_other"}
SHAPE = "key, pointer, rule, field, value, note"


def row_findings(source: str) -> str:
    """A query for the findings packed into a cleaned source's rows."""
    end = literal(FINDING_END)
    packed = (
        f"SELECT key, pointer, unnest(string_split(rtrim(found, {end}), {end})) AS one "
        f"FROM clean_{source} WHERE found IS NOT NULL"
    )
    parts = ", ".join(f"split_part(one, {literal(FIELD_END)}, {place})" for place in (1, 2, 3, 4))
    return f"SELECT key, pointer, {parts} FROM ({packed}) AS packed"


def matching_findings() -> str:
    """A query for what matching and slots found: rows not used, rows merged by an officer's word, duplicate cover."""
    cases = " ".join(f"WHEN {literal(fate)} THEN {literal(rule)}" for fate, rule in FATES.items())
    parts = [
        f"SELECT key, pointer, CASE fate {cases} END, 'name', name, '' FROM fates WHERE fate <> 'merged'",
        "SELECT key, pointer, 'merged_by_resolution', 'name', name, '' FROM fates "
        "WHERE fate = 'merged' AND resolved = 'same' AND name <> reference_name",
        "SELECT key, pointer, rule, field, value, '' FROM duplicates",
        _unknown_address(),
        *(_unknown_region(source, column) for source, column in REGIONS),
        "SELECT rows.key, rows.pointer, 'household_rows_differ', 'ssn', '', '' FROM merged_household AS rows "
        "SEMI JOIN passed_over ON passed_over.pointer = rows.pointer",
    ]
    return " UNION ALL ".join(parts)


REGIONS = (("insurance", "region_code"), ("household", "hukou_division_code"))


def _unknown_region(source: str, column: str) -> str:
    """Rows whose place is no province, city or county, now or ever."""
    return (
        f"SELECT key, pointer, 'region_unknown', '{column}', {column}, '' FROM merged_{source} AS rows "
        f"ANTI JOIN address_codes ON address_codes.code = rows.{column} WHERE {column} IS NOT NULL"
    )


def _unknown_address() -> str:
    """Resident numbers whose first six digits never were an address code; those of foreigners have no address."""
    resident = f"key < {FIRST_OF_FOREIGNERS}"
    return (
        f"SELECT key, first_row, 'number_region_unknown', 'ssn', {to.number('key', 'NULL')}, '' FROM person_sums "
        f"ANTI JOIN address_codes ON address_codes.code = CAST(key // {10**11} AS VARCHAR) WHERE {resident}"
    )


FIRST_OF_FOREIGNERS = 9 * 10**16
"""Permanent residence cards since 2023 begin with 9 and have no address in their numbers."""


TROUBLES = (
    "SELECT rules.severity, troubles.check AS rule, troubles.source, troubles.row, CAST(NULL AS VARCHAR) AS ssn, "
    "troubles.field, troubles.value, troubles.message FROM troubles LEFT JOIN rules ON rules.rule = troubles.check"
)
"""What reading the files found, which came with its own words."""


RESOLUTION = (
    f"SELECT key, {pointer('resolution')} AS pointer, 'resolution_unusable', 'ssn', coalesce(ssn, ''), '' "
    "FROM resolution_rows WHERE NOT usable"
)
"""Officers' decisions that can't be carried out."""


def found_about_persons(marks: list[Mark]) -> str:
    """A query for the findings about finished persons in the common shape."""
    return f"SELECT key, pointer, rule, field, '', '' FROM ({person_findings(marks)}) AS person_findings"


def worded(parts: list[str]) -> str:
    """A query for findings in the shape of findings.parquet, with words from the catalogue."""
    union = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part({SHAPE})" for part in parts)
    return (
        f"SELECT rules.severity, found.rule, files.label AS source, {row_of('found.pointer')} AS row, "
        f"{to.number('found.key', 'other_numbers.ssn')} AS ssn, found.field, nullif(found.value, '') AS value, "
        f"{_message()} AS message FROM ({union}) AS found "
        "LEFT JOIN rules ON rules.rule = found.rule LEFT JOIN field_labels ON field_labels.field = found.field "
        f"LEFT JOIN files ON files.file = {file_of('found.pointer')} "
        "LEFT JOIN other_numbers ON other_numbers.key = found.key"
    )


def _message() -> str:
    valued = "replace(rules.message, '{value}', coalesce(found.value, ''))"
    filled = f"replace({valued}, '{{field}}', coalesce(field_labels.label, found.field))"
    return f"{filled} || CASE WHEN found.note <> '' THEN '：' || found.note ELSE '' END"
