"""Household lists: the province has the police list, each city downloads its own part of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from canbao.law.places import PROVINCE as PROVINCE_DIVISION
from canbao.registry.access import Refused, acting, covers
from canbao.registry.deeds import deed
from canbao.registry.models import Officer

COLUMNS = (
    "ssn", "name", "sex", "birth_date", "ethnicity", "hukou_address", "residence_address", "hukou_division_code",
    "hukou_town_name", "hukou_town_code", "hukou_village_name", "hukou_village_code", "vital_status", "mobile",
)  # fmt: skip
PIECE = 10_000
LISTS_A_DAY = 3
"""How often one officer may fetch a list in a day; it is a whole city, and nobody needs it hourly."""


def household_list(city: str, *, by: Officer) -> Iterator[list[tuple[object, ...]]]:
    """A city's part of the police list, in the order of numbers, piece by piece; `city` is four digits.

    The log has the download before the first row goes out. Raises Refused outside the officer's area, beyond the
    day's quota, or if the province has no list yet.
    """
    with deed(by=by, action="household_list.download", permission="household_list.download") as note:
        note.details.update(city=city)
        if len(city) != 4 or not covers(by.area, city):
            raise Refused("只能下载本市的户籍名单")
        _count(by)
        note.details.update(people=_size(city))
    return _pieces(city, by)


def _count(by: Officer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_log WHERE officer_id = %s AND action = 'household_list.download' "
            "AND decision = 'allowed' AND at > now() - interval '1 day'",
            [by.id],
        )
        if cursor.fetchone()[0] >= LISTS_A_DAY:
            raise Refused(f"一天最多下载 {LISTS_A_DAY} 次户籍名单；请明天再试")


def _size(city: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM person_fact WHERE {_OF_CITY}", [PROVINCE_DIVISION, city])
        people = int(cursor.fetchone()[0])
    if not people:
        raise Refused("省里还没有本市的户籍名单；请联系省社保局")
    return people


_OF_CITY = "division_code = %s AND left(hukou_division_code, 4) = %s AND is_household"


def _pieces(city: str, by: Officer) -> Iterator[list[tuple[object, ...]]]:
    after = ""
    while True:
        with acting(by.area), connection.cursor() as cursor:
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
