"""A look-up's answer as a page: the parts in the order of the law, each as lines or as a table of covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canbao.law.exchange import read_exchange
from canbao.law.reader import read_law

OF_COVER = ("insurance_type", "contrib_status", "benefit_status", "region", "enrol_date")
PLACES = {"hukou_division_code": "县（市、区）", "hukou_town_code": "镇（街道）", "hukou_village_code": "社区（村）"}
NONE = "—"


@dataclass(frozen=True)
class Part:
    """A part with its heading: lines of label and value, and covers as rows of a table."""

    label: str
    lines: tuple[tuple[str, str], ...] = ()
    covers: tuple[tuple[str, ...], ...] = ()


def laid_out(shown: Mapping[str, Any]) -> list[Part]:
    """The parts that were agreed, with what a look-up has answered."""
    return [_part(one.id, one.label, shown[one.id]) for one in read_exchange().shown if one.id in shown]


def _part(id_: str, label: str, told: Any) -> Part:
    if id_ in ("covers", "elsewhere"):
        return Part(label, covers=tuple(map(_cover, told)))
    if id_ == "missing":
        return Part(label, lines=tuple((one["label"], "未采集") for one in told))
    if id_ == "duplicates":
        return Part(label, tuple((one["label"], one["basis"]) for one in told), _both_sides(told))
    return Part(label, lines=tuple((_label(item), _words(value)) for item, value in told.items()))


def _both_sides(told: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(_cover(cover) for one in told for cover in one["covers"])


def _cover(cover: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_words(cover[name]) for name in OF_COVER)


def _label(item: str) -> str:
    known = read_law().fields.get(item)
    return PLACES.get(item) or (known.label if known else item)


def _words(value: Any) -> str:
    """A value as people read it: of a code its label."""
    if isinstance(value, Mapping):
        return str(value["label"] or value["code"] or NONE)
    return str(value) if value else NONE
