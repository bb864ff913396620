"""Duties: who may do what at which level; data like all law, each line with the clause it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from canbao.law.models import Cited
from canbao.law.reader import HOME, LawError, read_law, read_yaml

Level = Literal["province", "city", "county", "town", "village"]
DIGITS: dict[Level, int] = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
"""How many digits of a code name a place of each level."""


class Permission(Cited):
    """Something that can be allowed: `person.see`."""

    id: str
    label: str


class Purpose(Cited):
    """A reason for which a person's record may be looked at."""

    id: str
    label: str


class Duty(Cited):
    """An office that people hold at certain levels.

    `people_a_day` bounds how many different people's records they may see in a day, `cities_a_day` of how many
    different cities they may fetch the household list.
    """

    id: str
    label: str
    levels: tuple[Level, ...]
    may: frozenset[str]
    people_a_day: int
    cities_a_day: int = 0


@dataclass(frozen=True)
class Duties:
    """All permissions, duties and purposes by id."""

    permissions: dict[str, Permission]
    duties: dict[str, Duty]
    purposes: dict[str, Purpose]

    def allows(self, duty: str, permission: str) -> bool:
        """Whether the duty has the permission; a duty or a permission that is not written down allows nothing."""
        return duty in self.duties and permission in self.permissions and permission in self.duties[duty].may


@cache
def read_duties(home: Path = HOME) -> Duties:
    """Read and check `duties.yaml`; raises LawError naming the entry that can't be trusted."""
    written = read_yaml(home / "duties.yaml")
    try:
        duties = Duties(
            permissions={one["id"]: Permission.model_validate(one) for one in written["permissions"]},
            duties={one["id"]: Duty.model_validate(one) for one in written["duties"]},
            purposes={one["id"]: Purpose.model_validate(one) for one in written["purposes"]},
        )
    except (ValidationError, KeyError, TypeError) as problem:
        raise LawError(f"duties.yaml：读不懂（{problem}）；请补全后再试") from problem
    found = [*_contradictions(duties, written)]
    if found:
        raise LawError("岗位有矛盾：\n" + "\n".join(found))
    return duties


def _contradictions(duties: Duties, written: dict[str, Any]) -> Iterator[str]:
    for duty in duties.duties.values():
        for permission in sorted(duty.may - duties.permissions.keys()):
            yield f"岗位 {duty.id}：权限 {permission} 没有列出"
        if ("household_list.download" in duty.may) != (duty.cities_a_day > 0):
            yield f"岗位 {duty.id}：下载户籍名单的权限与 cities_a_day 不符"
    for kind, entries in (("permissions", duties.permissions), ("duties", duties.duties)):
        if len(entries) != len(written[kind]):
            yield f"{kind} 中有重复的 id"
    cited: dict[str, Cited] = {**duties.permissions, **duties.duties, **duties.purposes}
    for id_, entry in cited.items():
        if entry.source not in read_law().instruments:
            yield f"{id_}：依据 {entry.source} 不在 instruments.yaml 中"


def level_of(area: str) -> Level:
    """The level of an area written as the leading digits of its code; raises ValueError for another length."""
    for level, digits in DIGITS.items():
        if len(area) == digits:
            return level
    raise ValueError(f"{area} 不是区划代码的前缀")
