"""The places of Guangdong, from province to village, and the county codes of all China.

Codes: GB/T 2260 for counties (6 digits) and the statistics codes for towns (9) and villages (12), as of 2017-10-31.
Sources and vintage are in `guangdong/places/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

HOME = Path(__file__).parent / "guangdong"
DIGITS = {"provinces": 2, "towns": 9, "villages": 12}
HEADERS = {
    "successors": ["code", "name", "successors"],
    "codes_over_time": ["code", "name", "valid_from", "valid_to"],
}
PROVINCE = "440000"
VINTAGE = "2017-10"


class PlacesError(ValueError):
    """The files of places can't be trusted; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place under one name.

    `level` is province, city, county, town or village; `parent` is the code one level up, empty for the province.
    `valid_from` and `valid_to` are months (`2016-10`): the first and the last published list of GB/T 2260 that has the
    code under this name, empty where the name was there before the lists begin (1980-12), is still there when they
    end (2019-04), or, for towns and villages, is not known. `successors` are the codes that took an abolished one over.
    """

    code: str
    name: str
    level: str
    parent: str
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """Guangdong's tree as of 2017-10-31, and what is known of 6-digit codes elsewhere and in other years.

    `by_code` is the tree; `provinces` are the two-digit prefixes of GB 11643; `regions` names every 6-digit code of
    2017; `over_time` has every name that a 6-digit code has had since 1980, the oldest first. `former` are places that
    were in the tree and have been changed away since, under the last name they had.
    """

    by_code: dict[str, Place]
    provinces: dict[str, str]
    regions: dict[str, str]
    over_time: dict[str, tuple[Place, ...]]
    below: dict[str, tuple[Place, ...]]
    former: dict[str, Place] = field(default_factory=dict)

    @property
    def cities(self) -> tuple[Place, ...]:
        """The 21 cities of Guangdong, by code."""
        return self.children(PROVINCE)

    def children(self, code: str) -> tuple[Place, ...]:
        """The places one level down, by code; 东莞 and 中山 have towns. Empty for villages and unknown codes."""
        return self.below.get(code, ())

    def is_county(self, code: str) -> bool:
        """Whether it is a county of Guangdong, or a city that is its own county (东莞, 中山)."""
        place = self.by_code.get(code)
        if place is None or place.level not in ("city", "county"):
            return False
        return place.level == "county" or self._has_towns(code)

    def county_of(self, code: str) -> str | None:
        """The county in Guangdong of a 6, 9 or 12-digit code, or None; the town and village need not be known."""
        return code[:6] if len(code) in (6, 9, 12) and self.is_county(code[:6]) else None

    def is_known_region(self, code: str) -> bool:
        """Whether it is a province, city or county (6 digits) anywhere in China as of 2017-10-31."""
        return code in self.regions

    def is_address_code(self, code: str) -> bool:
        """Whether a resident number may begin with it: a region of 2017 or of any list since 1980 (GB 11643)."""
        return code in self.regions or code in self.over_time

    def name(self, code: str) -> str:
        """The name as of 2017-10-31, for an abolished code the last it had, for an unknown one an empty string."""
        for known in (self.by_code, self.former):
            if code in known:
                return known[code].name
        if code in self.regions:
            return self.regions[code]
        return self.over_time[code][-1].name if code in self.over_time else ""

    def with_changes(self, there: Iterable[Place], gone: Mapping[str, Place]) -> Places:
        """The tree with these places in it (new ones, or under another name) and without those of `gone`.

        Nobody is in both.
        """
        there = list(there)
        by_code = self.by_code | {place.code: place for place in there}
        below = dict(self.below)
        for code in gone:
            del by_code[code]
        for parent in {place.parent for place in (*there, *gone.values())}:
            children = {one.code for one in (*self.children(parent), *there) if one.parent == parent}
            below[parent] = tuple(by_code[code] for code in sorted(children) if code in by_code)
        former = {code: place for code, place in (self.former | dict(gone)).items() if code not in by_code}
        below = {parent: places for parent, places in below.items() if places}
        return replace(self, by_code=by_code, below=below, former=former)

    def _has_towns(self, code: str) -> bool:
        below = self.children(code)
        return bool(below) and below[0].level == "town"


def read_places(home: Path = HOME) -> Places:
    """Read and check the CSV files in `home`/places.

    Raises PlacesError for a file that can't be read, a code of wrong length or given twice, an empty name, a place
    without its parent, a county that the standard does not have, and a successor that is no region.
    """
    return _read(home)


@cache
def _read(home: Path) -> Places:
    folder = home / "places"
    over_time = _over_time(folder)
    provinces = _names(folder, "provinces")
    regions = _regions(folder, over_time)
    by_code = _tree(folder, over_time, provinces)
    below: dict[str, list[Place]] = {}
    for code in sorted(by_code):
        below.setdefault(by_code[code].parent, []).append(by_code[code])
    return Places(by_code, provinces, regions, over_time, {code: tuple(places) for code, places in below.items()})


def _tree(folder: Path, over_time: dict[str, tuple[Place, ...]], provinces: dict[str, str]) -> dict[str, Place]:
    """Every place of Guangdong; the parent is always the beginning of the code."""
    if PROVINCE[:2] not in provinces:
        raise PlacesError(f"{folder / 'provinces.csv'}：没有 {PROVINCE[:2]}；请补上本省")
    tree = {PROVINCE: Place(PROVINCE, provinces[PROVINCE[:2]], "province", "")}
    for level, plural in (("city", "cities"), ("county", "counties"), ("town", "towns"), ("village", "villages")):
        file = folder / f"{plural}.csv"
        possible = _possible_parents(tree, level)
        for code, name in _names(folder, plural).items():
            parent = _parent(code, level)
            if parent not in possible:
                raise PlacesError(f"{file}：{code} {name} 的上级 {parent} 不存在；请补上上级或改正代码")
            if code in tree:
                raise PlacesError(f"{file}：代码 {code} 已在上一级出现；请删去一处")
            tree[code] = _place(code, name, level, parent, over_time)
    return tree


def _possible_parents(tree: dict[str, Place], level: str) -> set[str]:
    """The places that may have children of `level`: towns hang under a county, or under a city without counties."""
    above = {"city": "province", "county": "city", "town": "county", "village": "town"}[level]
    possible = {code for code, place in tree.items() if place.level == above}
    if level == "town":
        possible |= {code for code, place in tree.items() if place.level == "city"}
        possible -= {tree[code].parent for code in possible}
    return possible


def level_of(code: str) -> str:
    """The level of a place's whole code (6, 9 or 12 digits)."""
    if len(code) > 6:
        return "town" if len(code) == 9 else "village"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def parent_of(code: str) -> str:
    """The code one level up, which is always the beginning of a place's code; empty for the province."""
    return _parent(code, level_of(code))


def _parent(code: str, level: str) -> str:
    above = {"province": "", "city": code[:2] + "0000", "county": code[:4] + "00", "town": code[:6]}
    return above.get(level, code[:9])


def _place(code: str, name: str, level: str, parent: str, over_time: dict[str, tuple[Place, ...]]) -> Place:
    """The place, with the months of the standard if it is a city or county."""
    if len(code) > 6:
        return Place(code, name, level, parent)
    for span in over_time.get(code, ()):
        if span.name == name:
            return span
    raise PlacesError(f"{code} {name} 不在 codes_over_time.csv 中；请核对代码和名称")


def _over_time(folder: Path) -> dict[str, tuple[Place, ...]]:
    """Every name of every 6-digit code, in order of time."""
    successors = {(code, name): tuple(heirs.split()) for code, name, heirs in _rows(folder, "successors")}
    spans: dict[str, list[Place]] = {}
    for code, name, first, last in _rows(folder, "codes_over_time"):
        heirs = successors.get((code, name), ())
        spans.setdefault(code, []).append(Place(code, name, *_region_level(code), first, last, heirs))
    _refuse_disorder(folder, spans)
    _refuse_lost_successors(folder, successors, spans)
    return {code: tuple(places) for code, places in spans.items()}


def _region_level(code: str) -> tuple[str, str]:
    if code.endswith("0000"):
        return "province", ""
    return ("city", code[:2] + "0000") if code.endswith("00") else ("county", code[:4] + "00")


def _refuse_disorder(folder: Path, spans: dict[str, list[Place]]) -> None:
    for code, places in spans.items():
        if any(not one.valid_to or one.valid_to >= next_.valid_from for one, next_ in pairwise(places)):
            raise PlacesError(f"{folder / 'codes_over_time.csv'}：{code} 的有效期重叠或次序颠倒；请改正")


def _refuse_lost_successors(
    folder: Path, successors: dict[tuple[str, str], tuple[str, ...]], spans: dict[str, list[Place]]
) -> None:
    abolished = {(place.code, place.name) for places in spans.values() for place in places if place.valid_to}
    for (code, name), heirs in successors.items():
        if (code, name) not in abolished:
            raise PlacesError(f"{folder / 'successors.csv'}：{code} {name} 不是撤销的代码；请核对代码和名称")
        if not heirs or not spans.keys() >= set(heirs):
            raise PlacesError(f"{folder / 'successors.csv'}：{code} {name} 的承继代码 {heirs} 空缺或不存在；请核对")


def _regions(folder: Path, over_time: dict[str, tuple[Place, ...]]) -> dict[str, str]:
    """The regions of October 2017 in the standard and in the statistics, which lag or add development zones."""
    standard = {
        place.code: place.name
        for places in over_time.values()
        for place in places
        if place.valid_from <= VINTAGE and (not place.valid_to or place.valid_to >= VINTAGE)
    }
    return standard | _names(folder, "counties_of_china")


def _names(folder: Path, plural: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for code, name in _rows(folder, plural):
        if code in names:
            raise PlacesError(f"{folder / plural}.csv：代码 {code} 出现了两次；请删去一处")
        names[code] = name
    return names


def _rows(folder: Path, name: str) -> Iterator[list[str]]:
    """The rows of a file after its header; the first column is a code, the second a name."""
    file = folder / f"{name}.csv"
    header, digits = HEADERS.get(name, ["code", "name"]), DIGITS.get(name, 6)
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = csv.reader(text)
            if next(rows, None) != header:
                raise PlacesError(f"{file}：表头应为 {','.join(header)}；请改正")
            for row in rows:
                if len(row) != len(header) or not _is_code(row[0], digits) or not row[1]:
                    raise PlacesError(f"{file} 第 {rows.line_num} 行：应有 {digits} 位代码和名称，现为 {row}；请改正")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise PlacesError(f"{file}：读不出来（{problem}）；请检查文件是否存在、是否为 UTF-8 的 CSV") from problem


def _is_code(text: str, digits: int) -> bool:
    return len(text) == digits and text.isascii() and text.isdigit()
