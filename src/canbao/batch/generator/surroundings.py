"""Where the people live and who insures them: the real villages of a division, invented streets, units and schools."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from canbao.batch.generator.dice import Array, Ints
from canbao.batch.generator.numbering import counties
from canbao.law.places import Places

ROADS = ("幸福路", "和谐街", "团结巷", "文明路", "向阳街", "丰收路", "新村路", "朝晖路", "同心巷", "春风街", "平安里")
HOUSE_NUMBERS = 150
UNIT_COLUMNS = ("unit_no", "unit_name", "unit_type")
UNITS, SCHOOLS = 20_000, 300
BRANDS = "恒润泰盈嘉锐宏睿拓凯昇诺佰盛隆翔"
TRADES = ("电子", "陶瓷", "家具", "五金", "纺织", "食品", "物流", "机械", "塑料", "灯饰")
UNIT_TYPES = ("10", "10", "10", "10", "10", "10", "20", "21", "30", "40", "50", "60")
ENDINGS = {"20": "研究所", "21": "服务中心", "30": "管理局", "40": "协会", "50": "职业培训中心", "60": "商行"}
SELF_PAYING, BY_VILLAGE = "99", "80"


@dataclass(frozen=True)
class Surroundings:
    """A division as tables: what stands in column `x` of the villages' table belongs to the village at that place.

    `village_columns` has hukou_division_code, hukou_town_code, hukou_town_name, hukou_village_code,
    hukou_village_name and address; `unit_columns` has unit_no, unit_name and unit_type: employers first, then
    schools, one self-paying window for each county, and the villages. `first_villages` bounds each county's villages.
    """

    division: str
    counties: list[str]
    village_columns: dict[str, Any]
    first_villages: Ints
    houses: Any
    unit_columns: dict[str, Any]
    regions: Any

    @property
    def first_window(self) -> int:
        """Place of the first county's self-paying window among the units."""
        return UNITS + SCHOOLS

    @property
    def first_village_unit(self) -> int:
        """Place of the first village among the units."""
        return self.first_window + len(self.counties)

    def villages(self, county: Ints, share: Array) -> Ints:
        """A village of each county; `share` from 0 to 1 says which, small ones are the fuller."""
        first, end = self.first_villages[county], self.first_villages[county + 1]
        return first + (share**1.5 * (end - first)).astype(np.int64)

    def county_of(self, village: Ints) -> Ints:
        """Place of each village's county in `counties`."""
        return np.searchsorted(self.first_villages, village, side="right").astype(np.int64) - 1


def look_around(places: Places, division: str) -> Surroundings:
    """The surroundings of a division of Guangdong; raises GeneratorError for any other."""
    own = sorted(counties(places, division))
    villages = [[one.code for one in _villages(places, county)] for county in own]
    everywhere = _village_columns(places, [code for some in villages for code in some])
    columns = {name: pa.array(values, pa.string()) for name, values in everywhere.items()}
    first = np.concatenate([[0], np.cumsum([len(some) for some in villages])]).astype(np.int64)
    houses = [f"{road}{number}号" for road, number in product(ROADS, range(1, HOUSE_NUMBERS + 1))]
    units = _units(places, division, own, columns["hukou_village_name"].to_pylist())
    regions = [*own, *(city.code for city in places.cities if city.code not in own)]
    named = {name: pa.array([unit[place] for unit in units]) for place, name in enumerate(UNIT_COLUMNS)}
    return Surroundings(division, own, columns, first, pa.array(houses), named, pa.array(regions))


def _villages(places: Places, county: str) -> list[Any]:
    return [village for town in places.children(county) for village in places.children(town.code)]


def _village_columns(places: Places, codes: list[str]) -> dict[str, list[str]]:
    return {
        "hukou_division_code": [code[:6] for code in codes],
        "hukou_town_code": [code[:9] for code in codes],
        "hukou_town_name": [places.name(code[:9]) for code in codes],
        "hukou_village_code": codes,
        "hukou_village_name": [places.name(code) for code in codes],
        "address": [_address(places, code) for code in codes],
    }


def _address(places: Places, village: str) -> str:
    above = dict.fromkeys((village[:2] + "0000", village[:4] + "00", village[:6], village[:9]))
    return "".join(places.name(code) for code in above) + re.sub(
        "(居民|村民|居|村)?委(员)?会$", "", places.name(village)
    )


def _units(places: Places, division: str, own: list[str], villages: list[str]) -> list[tuple[str, str, str]]:
    """Number, name and type of every unit; names are put together and belong to nobody."""
    employers = [_employer(places, division, own, place) for place in range(UNITS)]
    seats = [places.name(own[place % len(own)]) for place in range(SCHOOLS)]
    schools = [
        (f"{division[:4]}7{place:07d}", f"{seat}第{place + 1}实验学校", BY_VILLAGE) for place, seat in enumerate(seats)
    ]
    windows = [(f"{code}990001", f"{places.name(code)}灵活就业人员缴费专户", SELF_PAYING) for code in own]
    committees = [(f"{division[:4]}8{place:07d}", name, BY_VILLAGE) for place, name in enumerate(villages)]
    return [*employers, *schools, *windows, *committees]


def _employer(places: Places, division: str, own: list[str], place: int) -> tuple[str, str, str]:
    kind = UNIT_TYPES[place % len(UNIT_TYPES)]
    brand = "".join(BRANDS[place // 16**power % 16] for power in range(3))
    seat = places.name(own[place % len(own)])
    ending = ENDINGS.get(kind, "有限公司")
    return f"{division[:4]}1{place:07d}", f"{seat}{brand}{TRADES[place % 10 + place // 4096 % 3 - 3]}{ending}", kind
