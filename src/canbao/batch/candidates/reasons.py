"""Why a pair is proposed, as codes; `candidates.yaml` has the words. What speaks against it is said as well."""

from __future__ import annotations

from canbao.batch.candidates import conditions as when

ONE_OF = (
    {
        "number_same": when.NUMBER_SAME,
        "number_check": "digits_l = digits_r",
        "number_century": f"{when.PLACE_AND_SEQUENCE} AND right(number_day_l, 6) = right(number_day_r, 6)",
        "number_transposed": when.TRANSPOSED,
        "number_slip": when.ONE_SLIP,
        "number_birth": when.PLACE_AND_SEQUENCE,
        "number_sequence": f"{when.SAME_REGION} AND number_day_l = number_day_r",
        "number_document": when.SAME_DOCUMENT,
        "permit": when.PERMIT,
        "permanent": when.PERMANENT,
        "overseas": when.OVERSEAS,
        "temporary": when.TEMPORARY,
    },
    {
        "number_invalid": "NOT (verified_l AND verified_r)",
        "numbers_valid": "verified_l AND verified_r AND kind_l = 'resident' AND kind_r = 'resident'",
    },
    {
        "name_same": "name_l = name_r",
        "name_variant": when.NAME_SAME,
        "name_latin": f"latin_l <> latin_r AND {when.SOUND_SAME}",
        "name_sound": when.SOUND_SAME,
        "name_near": when.NAME_NEAR,
        "name_other": "name_l <> name_r",
    },
    {
        "birth_same": when.BIRTH_SAME,
        "birth_century": when.BIRTH_CENTURY,
        "birth_near": when.BIRTH_NEAR,
        "birth_other": "birth_date_l <> birth_date_r",
    },
    {"sex_other": "sex_l <> sex_r"},
    {"mobile_same": when.MOBILE_SAME, "mobile_near": when.MOBILE_NEAR},
    {"residence_same": f"{when.RESIDENCE_SAME} OR {when.CROSSED}"},
    {"hukou_same": when.HUKOU_SAME, "village_same": when.VILLAGE_SAME},
    {"unit_same": when.UNIT_SAME},
)
"""Of each group the first that holds is given."""


def reasons() -> str:
    """An expression for the list of codes, over items with `_l` and `_r` behind the names."""
    groups = ", ".join(f"CASE {' '.join(_whens(group))} END" for group in ONE_OF)
    return f"list_filter([{groups}], lambda code: code IS NOT NULL)"


def codes() -> tuple[str, ...]:
    """Every code that can be given."""
    return tuple(code for group in ONE_OF for code in group)


def _whens(group: dict[str, str]) -> list[str]:
    return [f"WHEN {condition} THEN '{code}'" for code, condition in group.items()]
