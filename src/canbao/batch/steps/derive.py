"""Derive: law's tables compiled to CASE, each derived item with the id of the row that won."""

from __future__ import annotations

from canbao.batch.steps import expressions as to
from canbao.batch.steps.clean import Cleaning, quality_bits
from canbao.batch.steps.slot import DAY_SHIFT, PACK_EPOCH, REGION_SHIFT, UNIT_END
from canbao.batch.steps.step import Step, literal, view
from canbao.core.covers import SLUGS, UNIT_ITEMS, UNIT_ORDER
from canbao.core.registration import DERIVED, OF_HOUSEHOLD, WITH_RULE
from canbao.core.tables import decided_sql


def items(cleaning: Cleaning, division: str, operated_at: str) -> Step:
    """Every item of a person that is known before anything is decided."""
    packs = ", ".join(f"{slug}_pack" for slug in SLUGS)
    return view(
        "person_items",
        f"SELECT key, {to.number('key', 'other_ssn')} AS ssn, name, {_sex()} AS sex, {_birth()} AS birth_date, "
        f"coalesce(hukou_division_code, {_primary_region()}, {literal(division)}) AS admin_division_code, "
        f"{', '.join(OF_HOUSEHOLD)}, "
        f"coalesce(residence_address, card_address) AS residence_address, {_mobile()} AS mobile, "
        f"{_vital(cleaning)} AS vital_status, death_date, "
        "lpad(CAST(personal_status % 1000 AS VARCHAR), 2, '0') AS personal_status, "
        f"{_units()}, {_slots()}, {packs}, qualities, first_row, household_row, "
        "CASE WHEN open_conflict THEN '1' ELSE '0' END AS open_conflict, '信息比对' AS operator_name, "
        f"CAST({literal(operated_at)} AS TIMESTAMP) AS operated_at, '信息比对' AS reviewer_name, "
        f"CAST({literal(operated_at)} AS TIMESTAMP) AS reviewed_at FROM person_sums",
    )


def derived(cleaning: Cleaning, profile: str) -> Step:
    """Adds each derived item and its winning row; later items see earlier ones."""
    query = "SELECT * FROM person_items"
    for item in DERIVED:
        query = decided(query, item, cleaning, profile)
    return view("derived", query)


def decided(query: str, item: str, cleaning: Cleaning, profile: str) -> str:
    """The query with one more item decided: columns <item> and <item>_rule."""
    return decided_sql(query, cleaning.law.tables[item], profile, cleaning.columns, "duckdb")


def rule_columns() -> tuple[str, ...]:
    """The columns that persons.parquet has for winning rows."""
    return tuple(f"{item}_rule" for item in WITH_RULE)


def _sex() -> str:
    return f"CASE WHEN key < {to.FIRST_FOREIGN_KEY} THEN {to.sex('key')} ELSE nullif(substr(identity, 2, 1), '0') END"


def _birth() -> str:
    given = "TRY_CAST(nullif(substr(identity, 3), '') AS DATE)"
    return f"CASE WHEN key < {to.FIRST_FOREIGN_KEY} THEN {to.birth_date('key')} ELSE {given} END"


def _mobile() -> str:
    """The mobile without its rank: one character, and for an insurance row fourteen of the inverted moment."""
    return "substr(mobile, CASE WHEN substr(mobile, 1, 1) = '2' THEN 16 ELSE 2 END)"


def _vital(cleaning: Cleaning) -> str:
    """生存状态 as `core.registration.vital_status` has it."""
    bits = quality_bits(cleaning.law)
    declared = "WHEN vital_status IS NOT NULL THEN vital_status"
    insured = f"(qualities & {1 << bits['active_cover']}) <> 0 AND (qualities & {1 << bits['household']}) = 0"
    dead = f"(qualities & {1 << bits['death_reported']}) <> 0"
    return f"CASE WHEN {dead} THEN '2' {declared} WHEN {insured} THEN '1' END"


def _units() -> str:
    """The unit of the primary slot or, if that has neither number nor name, the one of the labour register."""
    own, labour = "substr(unit, 2)", "labour_unit"
    named = f"coalesce({_unit_part(own, 0)}, {_unit_part(own, 1)}) IS NOT NULL"
    return ", ".join(
        f"CASE WHEN {named} THEN {_unit_part(own, place)} ELSE {_unit_part(labour, place)} END AS {column}"
        for place, column in enumerate(UNIT_ITEMS)
    )


def _unit_part(text: str, place: int) -> str:
    return f"nullif(split_part({text}, {literal(UNIT_END)}, {place + 1}), '')"


def _slots() -> str:
    return ", ".join(column for slug in SLUGS for column in _slot(slug))


def _slot(slug: str) -> list[str]:
    pack = f"{slug}_pack"
    return [
        f"{_state(contribution(pack))} AS {slug}_contrib_status",
        f"{_state(benefit(pack))} AS {slug}_benefit_status",
        f"{enrolment(pack)} AS {slug}_enrol_date",
        f"CAST({region_number(pack)} AS VARCHAR) AS {slug}_region_code",
    ]


def contribution(pack: str) -> str:
    """The contribution status packed into a slot, as the integers 1 to 3; 0 for none."""
    return f"({pack} & 3)"


def benefit(pack: str) -> str:
    """The benefit status packed into a slot, as the integers 1 to 3; 0 for none."""
    return f"(({pack} >> 2) & 3)"


def enrolment(pack: str) -> str:
    """The enrolment day packed into a slot, as DATE or NULL."""
    return f"CASE WHEN {pack} >> {DAY_SHIFT} > 0 THEN {PACK_EPOCH} + CAST({pack} >> {DAY_SHIFT} AS INTEGER) END"


def region_number(pack: str) -> str:
    """The region packed into a slot, as an integer or NULL."""
    return f"nullif(({pack} >> {REGION_SHIFT}) & {2**20 - 1}, 0)"


def _state(number: str) -> str:
    return f"CASE {number} WHEN 1 THEN '1' WHEN 2 THEN '2' WHEN 3 THEN '3' END"


def _primary_region() -> str:
    """The region of the slot whose unit is the person's unit."""
    packs = ", ".join(f"{slug}_pack" for slug in UNIT_ORDER)
    return f"CAST({region_number(f'coalesce({packs})')} AS VARCHAR)"
