"""Household lists: the province has the police list, each city downloads its own part of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from canbao.law.duties import read_duties
from canbao.law.places import PROVINCE as PROVINCE_DIVISION
from canbao.registry.access import Refused, acting, covers
from canbao.registry.database import Cursor
from canbao.registry.deeds import Alarm, deed
from canbao.registry.models import Officer
from canbao.registry.quotas import canaries_among, one_at_a_time

COLUMNS = (
    "ssn", "name", "sex", "birth_date", "ethnicity", "hukou_address", "residence_address", "hukou_division_code",
    "hukou_town_name", "hukou_town_code", "hukou_village_name", "hukou_village_code", "vital_status", "mobile",
)  # fmt: skip
PIECE = 10_000
LISTS_A_DAY = 3
"""How often one officer may fetch a list in a day; it is a whole city, and nobody needs it hourly."""


def household_list(city: str, *, by: Officer) -> Iterator[list[tuple[object, ...]]]:
    """A city's part of the police list, in the order of numbers, piece by piece; `city` is four digits.

    The log has the download, and whoever watches over the area an alarm, before the first row goes out. Raises Refused
    outside the officer's area, beyond the day's quota, or if the province has no list yet.
    """
    with deed(by=by, action="household_list.download", permission="household_list.download") as note:
        note.details.update(city=city)
        if len(city) != 4 or not covers(by.area, city):
            raise Refused("只能下载本市的户籍名单")
        with connection.cursor() as cursor:
            _count(cursor, city, by)
            people = _size(cursor, city)
            note.details.update(people=people)
            note.alarms.append(Alarm("household_list", details={"city": city, "people": people}))
            note.alarms.extend(canaries_among(cursor, _canaries(cursor, city)))
    return _pieces(city, by)


def _count(cursor: Cursor, city: str, by: Officer) -> None:
    one_at_a_time(cursor, by)
    cursor.execute(
        "SELECT details::jsonb ->> 'city' FROM audit_log WHERE officer_id = %s AND action = 'household_list.download' "
        "AND decision = 'allowed' AND at > now() - interval '1 day'",
        [by.id],
    )
    fetched = [one for (one,) in cursor.fetchall()]
    most = read_duties().duties[by.duty].cities_a_day
    if len(fetched) >= LISTS_A_DAY:
        raise Refused(f"一天最多下载 {LISTS_A_DAY} 次户籍名单；请明天再试")
    if len({*fetched, city}) > most:
        raise Refused(f"一天最多下载 {most} 个市的户籍名单；请明天再试")


def _size(cursor: Cursor, city: str) -> int:
    cursor.execute(f"SELECT count(*) FROM person_fact WHERE {_OF_CITY}", [PROVINCE_DIVISION, city])
    people = int(cursor.fetchone()[0])
    if not people:
        raise Refused("省里还没有本市的户籍名单；请联系省社保局")
    return people


def _canaries(cursor: Cursor, city: str) -> list[int]:
    cursor.execute(
        f"SELECT person_id FROM person_fact JOIN canary USING (person_id) WHERE {_OF_CITY}", [PROVINCE_DIVISION, city]
    )
    return [id_ for (id_,) in cursor.fetchall()]


_OF_CITY = "division_code = %s AND left(hukou_division_code, 4) = %s AND is_household"


def _pieces(city: str, by: Officer) -> Iterator[list[tuple[object, ...]]]:
    after = ""
    while True:
        with acting(by.area, by), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(COLUMNS)} FROM person_fact WHERE {_OF_CITY} AND ssn > %s "
                f"ORDER BY ssn LIMIT {PIECE}",
                [PROVINCE_DIVISION, city, after],
            )
            found = cursor.fetchall()
        if not found:
            return
        yield found
        after = found[-1][0]
