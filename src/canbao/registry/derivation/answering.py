"""What surveys found, laid over what divisions say (docs/decisions/0020-survey-answers.md).

Makes the temporary table `surveyed`: for each surveyed person in `stated` the answers that count, an item a column, who
signed them, and the qualities that they have. Of a person with several numbers those under the kept one count, else the
newest. `core.surveying` says the same of one person, slowly.
"""

from __future__ import annotations

from canbao.core.surveying import ANSWERABLE, SIGNED
from canbao.registry.database import Cursor
from canbao.registry.derivation.reading import Judging


def ask(cursor: Cursor, judging: Judging) -> bool:
    """Make `surveyed` and let it stand in `stated` where a survey knows best; returns whether anybody is in it."""
    cursor.execute("SELECT anybody_surveyed()")
    (anybody,) = cursor.fetchone()
    ending = "" if anybody else " WITH NO DATA"
    cursor.execute(f"CREATE TEMP TABLE surveyed ON COMMIT DROP AS {_surveyed(judging)}{ending}")
    if not anybody or not cursor.rowcount:
        return False
    cursor.execute("ANALYZE surveyed (person_id)")
    cursor.execute(_STANDING)
    return True


def complete(cursor: Cursor) -> None:
    """Fill what household statements leave out, once corrections stand and places have their codes of today."""
    cursor.execute(_COMPLETED)


def _surveyed(judging: Judging) -> str:
    bits = " | ".join(
        f"CASE WHEN {judging.condition(one.when)} THEN {1 << judging.bits[one.id]}::bigint ELSE 0 END"
        for one in judging.law.qualities.values()
        if one.of == "survey"
    )
    return f"SELECT *, {bits} AS qualities FROM ({_COUNTING}) AS counting"


_ITEMS = ", ".join(f"items ->> '{item}' AS {item}" for item in ANSWERABLE)
_COUNTING = (
    f"SELECT DISTINCT ON (each.person_id) each.person_id, {_ITEMS}, {', '.join(SIGNED)} FROM ("
    "SELECT person_id, holder_id FROM stated UNION SELECT person_id, person_id FROM stated) AS each, "
    "LATERAL (SELECT * FROM registry_surveyanswers WHERE person_id = each.holder_id AND withdrawn_at IS NULL OFFSET 0) "
    "AS answers ORDER BY each.person_id, holder_id = each.person_id DESC, surveyed_on DESC, admitted_at DESC, holder_id"
)
_STANDING = """
UPDATE stated SET residence_address = coalesce(surveyed.residence_address, stated.residence_address),
    mobile = coalesce(surveyed.mobile, stated.mobile), qualities = stated.qualities | surveyed.qualities
FROM surveyed WHERE surveyed.person_id = stated.person_id
"""


def _code(level: str, within: str) -> str:
    """A place's code: a survey's own only if it lies in the larger place."""
    told = f"told.hukou_{level}_code"
    return f"coalesce(stated.hukou_{level}_code, CASE WHEN starts_with({told}, {within}) THEN {told} END)"


def _name(level: str, code: str) -> str:
    """A place's name: a survey's own unless it means another place."""
    is_same = f"coalesce(told.hukou_{level}_code, {code}, '') = coalesce({code}, '')"
    return f"coalesce(stated.hukou_{level}_name, CASE WHEN {is_same} THEN told.hukou_{level}_name END)"


_DIVISION = "coalesce(stated.hukou_division_code, told.hukou_division_code)"
_TOWN = _code("town", _DIVISION)
_VILLAGE = _code("village", _TOWN)
_COMPLETED = f"""
UPDATE stated SET hukou_address = coalesce(stated.hukou_address, told.hukou_address),
    hukou_division_code = {_DIVISION}, hukou_town_code = {_TOWN}, hukou_town_name = {_name("town", _TOWN)},
    hukou_village_code = {_VILLAGE}, hukou_village_name = {_name("village", _VILLAGE)}
FROM (SELECT person_id, hukou_address, place_today(hukou_division_code) AS hukou_division_code,
    place_today(hukou_town_code) AS hukou_town_code, hukou_town_name,
    place_today(hukou_village_code) AS hukou_village_code, hukou_village_name FROM surveyed) AS told
WHERE told.person_id = stated.person_id AND stated.is_household
"""
