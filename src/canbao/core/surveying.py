"""What a survey found out about a person, laid over what sources say (docs/decisions/0020-survey-answers.md).

The person says best where they live and how they are reached: that stands over sources. Who they are, and where they
are registered, the police list says: there a survey fills what is missing. What it says of work and cover is judged
by the law's tables.
"""

from __future__ import annotations

from collections.abc import Mapping

Row = Mapping[str, str]

STANDING = ("residence_address", "mobile", "personal_status")
"""The items for which a survey stands over what sources say."""
OF_HUKOU = (
    "hukou_address", "hukou_division_code", "hukou_town_name", "hukou_town_code", "hukou_village_name",
    "hukou_village_code",
)  # fmt: skip
"""The items that a survey fills where the household register has somebody and leaves them out."""
OF_UNIT = ("unit_no", "unit_name", "unit_type")
"""The items that a survey fills together if no source names a unit."""
JUDGED = ("employment_status", "no_unit_type", "uninsured_reason")
"""The items that the law's tables decide, a survey's answer being one of their grounds."""
ANSWERABLE = (*STANDING, "ethnicity", *OF_HUKOU, *OF_UNIT, *JUDGED)
"""All items of which the register takes a survey's word; values are codes and texts in their normal form."""
SIGNED = ("operator_name", "operated_at", "reviewer_name", "reviewed_at")
"""Who has entered and reviewed it, and when: what the record of somebody surveyed bears."""


def completed(household: Row, answers: Row) -> dict[str, str]:
    """A household row with what it leaves out filled by a survey; a smaller place only if it lies in the larger one.

    A name goes with its code: it is taken unless the survey means another place than the row does.
    """
    filled = {name: household.get(name) or answers.get(name) or "" for name in ("hukou_address", "hukou_division_code")}
    for level, larger in (("town", "division"), ("village", "town")):
        code, name, within = f"hukou_{level}_code", f"hukou_{level}_name", filled[f"hukou_{larger}_code"]
        known, told = household.get(code) or "", answers.get(code) or ""
        filled[code] = known or (told if within and told.startswith(within) else "")
        is_same = not told or told == filled[code]
        filled[name] = household.get(name) or (is_same and answers.get(name)) or ""
    return {**household, **{name: value for name, value in filled.items() if value}}
