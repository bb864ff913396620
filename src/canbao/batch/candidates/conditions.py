"""What may hold of two records, as SQL over their items with `_l` and `_r` behind the names.

Comparisons and reasons are both made of these, so that what is scored and what is said are one thing.
"""

from __future__ import annotations

NAME_SAME = "plain_name_l = plain_name_r"
SOUND_SAME = "sound_l = sound_r AND length(sound_l) > 2"
OTHER_SCRIPT = f"(latin_l <> latin_r AND NOT ({SOUND_SAME}))"
HOMOPHONES = f"({SOUND_SAME} AND (latin_l <> latin_r OR (region_l <> region_r AND birth_date_l = birth_date_r)))"
"""One name by its sound, written otherwise; of one place or of different days of birth they are rather siblings."""

NAMES_AGREE = f"({NAME_SAME} OR {HOMOPHONES} OR {OTHER_SCRIPT} OR name_l IS NULL OR name_r IS NULL)"
LONGEST_NAME = 6
_ONE_PLACE = " OR ".join(
    f"(left(plain_name_l, {place}) = left(plain_name_r, {place}) "
    f"AND substr(plain_name_l, {place + 2}) = substr(plain_name_r, {place + 2}))"
    for place in range(LONGEST_NAME)
)
NAME_NEAR = (
    "latin_l = latin_r AND CASE WHEN latin_l THEN damerau_levenshtein(plain_name_l, plain_name_r) = 1 "
    f"ELSE length(plain_name_l) = length(plain_name_r) AND ({_ONE_PLACE}) END"
)
"""One character differs. DuckDB counts bytes in edit distances, so Chinese names are compared place by place."""

BIRTH_SAME = "birth_date_l = birth_date_r"
BIRTH_CENTURY = "right(born_l, 6) = right(born_r, 6)"
_DAY_FOR_MONTH = (
    "left(born_l, 4) = left(born_r, 4) AND substr(born_l, 5, 2) = right(born_r, 2) "
    "AND right(born_l, 2) = substr(born_r, 5, 2)"
)
BIRTH_NEAR = f"(damerau_levenshtein(born_l, born_r) = 1 OR {_DAY_FOR_MONTH})"

BOTH_18 = "digits_l IS NOT NULL AND digits_r IS NOT NULL AND kind_l = kind_r"
NUMBER_SAME = "number_l = number_r"
DIGITS_SAME = f"{NUMBER_SAME} OR digits_l = digits_r"
PLACE_AND_SEQUENCE = f"{BOTH_18} AND region_l = region_r AND sequence_l = sequence_r"
ONE_SLIP = f"{BOTH_18} AND damerau_levenshtein(digits_l, digits_r) = 1"
TRANSPOSED = f"{ONE_SLIP} AND levenshtein(digits_l, digits_r) = 2"
SAME_REGION = f"{BOTH_18} AND region_l = region_r"
SAME_DOCUMENT = "document_l = document_r AND length(document_l) >= 6"


def _kinds(one: str, other: str, also: str = "TRUE", reverse: str = "TRUE") -> str:
    """One record has a number of the one kind, the other of the other kind."""
    return (
        f"((kind_l = '{one}' AND kind_r = '{other}' AND {also}) OR (kind_r = '{one}' AND kind_l = '{other}' "
        f"AND {reverse}))"
    )


def _permit_of(document: str, permit: str) -> str:
    places = "CASE left({}, 3) WHEN 'HKG' THEN '81' WHEN 'MAC' THEN '82' ELSE '83' END"
    return f"{places.format(document)} = left({permit}, 2)"


PERMIT = _kinds("hmt", "permit", _permit_of("number_l", "number_r"), _permit_of("number_r", "number_l"))
"""The number of a travel permit and a residence permit of the same place (81 Hong Kong, 82 Macao, 83 Taiwan)."""

PERMANENT = _kinds("foreign", "permanent")
OVERSEAS = _kinds("overseas", "resident")
TEMPORARY = "(kind_l = 'temporary' OR kind_r = 'temporary')"
SUCCESSION = f"({PERMIT} OR {PERMANENT} OR {OVERSEAS})"
"""Numbers of two generations, which one person may have one after the other."""

TWO_PERSONS = (
    "kind_l = 'resident' AND kind_r = 'resident' AND verified_l AND verified_r AND digits_l <> digits_r "
    f"AND NOT {NAMES_AGREE}"
)
"""Two valid resident numbers and two names: twins, siblings, neighbours, whatever else they share."""

MOBILE_SAME = "mobile_l = mobile_r"
MOBILE_NEAR = "damerau_levenshtein(mobile_l, mobile_r) = 1"
RESIDENCE_SAME = "residence_l = residence_r"
CROSSED = "(residence_l = hukou_r OR hukou_l = residence_r)"
HUKOU_SAME = "hukou_l = hukou_r"
HOME_SAME = f"coalesce({RESIDENCE_SAME}, FALSE) OR coalesce({CROSSED}, FALSE) OR coalesce({HUKOU_SAME}, FALSE)"
NO_HOME = "(coalesce(residence_l, hukou_l) IS NULL OR coalesce(residence_r, hukou_r) IS NULL)"
VILLAGE_SAME = "village_l = village_r"
UNIT_SAME = "unit_l = unit_r"
