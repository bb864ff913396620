"""Judging what was measured: each thing with its value, its limits and what it may mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from canbao.core.conditions.chinese import value_label
from canbao.law.places import PROVINCE
from canbao.law.reader import read_law
from canbao.registry.places_now import places
from canbao.registry.plausibility.found import Measure, Verdict
from canbao.registry.plausibility.meeting import Meeting
from canbao.registry.plausibility.shape import Shape, Spread
from canbao.registry.plausibility.thresholds import Bound, Kind, Thresholds

NAMED_PLACES = ("admin_division_code", "hukou_division_code", "hukou_town_code", "hukou_village_code")


@dataclass(frozen=True)
class Held:
    """A package's shape and what it meets, with the last one's people and shape (None without); `twin` is a package
    of another division with the same numbers."""

    division: str
    shape: Shape
    met: Meeting
    before_people: int | None
    before: Shape | None
    twin: int | None


@dataclass(frozen=True)
class Counted:
    """Something counted: `value` is held against the limits if at least so many as `concerned` make it."""

    kind: Kind
    now: int
    value: float | None
    concerned: int
    before: int | None = None
    of: str = ""
    most: float | None = None


def judged(held: Held, thresholds: Thresholds) -> list[Measure]:
    """All measures in the order of the thresholds; of several of a kind those beyond, or else the largest."""
    measures: dict[str, list[Measure]] = {kind: [] for kind in thresholds.bounds}
    for one in (*_sizes(held), *_met(held), *_twice(held), *_spread(held, thresholds), *_placed(held)):
        measures[one.kind].append(_measure(one, thresholds.bounds[one.kind], thresholds.fewest))
    return [one for of_kind in measures.values() for one in _worst(of_kind)]


def _measure(one: Counted, bound: Bound, fewest: int) -> Measure:
    most = one.most if one.most is not None else bound.most
    return Measure(
        kind=one.kind, label=bound.label, of=one.of, form=bound.form, now=one.now, before=one.before,
        value=None if one.value is None else round(one.value, 6), least=bound.least, most=most,
        verdict=_verdict(one, bound.least, most, fewest), words=bound.words,
    )  # fmt: skip


def _verdict(one: Counted, least: float | None, most: float | None, fewest: int) -> Verdict:
    if one.value is None:
        return "unjudged"
    if least is None and most is None:
        return "told"
    is_out = (most is not None and one.value > most) or (least is not None and one.value < least)
    return "beyond" if is_out and one.concerned >= fewest else "within"


def _worst(measures: list[Measure]) -> list[Measure]:
    beyond = [one for one in measures if one.verdict == "beyond"]
    return beyond or sorted(measures, key=lambda one: -(one.value or 0))[:1]


def _sizes(held: Held) -> Iterator[Counted]:
    had = held.before_people
    yield _ratio("people", held.shape.people, had)
    yield _ratio("covers", held.shape.covers, held.before.covers if held.before else None)


def _ratio(kind: Kind, now: int, before: int | None) -> Counted:
    value = now / before if before else None
    return Counted(kind, now, value, abs(now - (before or 0)), before)


def _met(held: Held) -> Iterator[Counted]:
    """What the register says; without earlier statements of the division nothing is new or gone."""
    met, has_before = held.met, held.met.before > 0
    new, gone = met.people - met.stated, met.before - met.stated
    yield _share("new", new, met.people, has_before)
    yield _share("gone", gone, met.before, has_before)
    yield _share("changed", met.changed, met.stated, has_before)
    yield _share("conflicts", met.conflicts, met.people)
    yield _share("unregistered", met.people - met.known, met.people)
    if held.division != PROVINCE:
        division, many = max(met.shared.items(), key=lambda one: one[1], default=("", 0))
        yield _share("shared", many, met.people, of=places().name(division))
    same = met.people if held.twin else 0
    yield _share("same_numbers", same, met.people, of=f"数据包 {held.twin}" if held.twin else "")


def _twice(held: Held) -> Iterator[Counted]:
    yield _share("twins", held.shape.twins, held.shape.people)
    yield _share("covers_twice", held.shape.covers_twice, held.shape.covers)


def _share(kind: Kind, part: int, whole: int, is_known: bool = True, of: str = "") -> Counted:
    return Counted(kind, part, part / whole if whole and is_known else None, part, of=of)


def _spread(held: Held, thresholds: Thresholds) -> Iterator[Counted]:
    for item, spread in held.shape.items.items():
        earlier = held.before.items.get(item) if held.before else None
        yield from _risen(held, item, spread, earlier)
        limit, there = thresholds.commonest_of.get(item), held.shape.people - spread.empty
        if limit is not None and there:
            yield Counted("commonest", spread.most, spread.most / there, spread.most, of=_label(item), most=limit)


def _risen(held: Held, item: str, spread: Spread, earlier: Spread | None) -> Iterator[Counted]:
    """How much larger a part of the people has one value, or none, than in the last package."""
    now, before = held.shape.people, held.before.people if held.before else 0
    if earlier is None or not now or not before:
        yield Counted("one_value", spread.most, None, 0)
        yield Counted("empty", spread.empty, None, 0)
        return
    yield Counted(
        "empty", spread.empty, spread.empty / now - earlier.empty / before, spread.empty, earlier.empty, _label(item)
    )
    risen = {
        value: many / now - earlier.values.get(value, 0) / before for value, many in spread.values.items()
    } or {"": spread.most / now - earlier.most / before}  # fmt: skip
    value = max(risen, key=lambda each: risen[each])
    many = spread.values.get(value, spread.most)
    words = value_label(item, value, read_law()) if value else ""
    named = words if value.isdigit() else words.removeprefix(f"{value} ")
    of = f"{_label(item)}：{named}" if value else _label(item)
    yield Counted("one_value", many, risen[value], many, earlier.values.get(value, 0) if value else earlier.most, of)


def _label(item: str) -> str:
    spec = read_law().fields.get(item)
    return spec.label if spec else item


def _placed(held: Held) -> Iterator[Counted]:
    known = _known_codes()
    for column in NAMED_PLACES:
        codes = held.shape.places.get(column, {})
        unknown = {code: many for code, many in codes.items() if code not in known}
        examples = "、".join(sorted(unknown, key=lambda code: -unknown[code])[:3])
        of = f"{_label(column)}{f'（如 {examples}）' if examples else ''}"
        yield _share("places", sum(unknown.values()), sum(codes.values()), of=of)
    if held.division != PROVINCE:
        managing = held.shape.places.get("admin_division_code", {})
        outside = sum(many for code, many in managing.items() if code[:4] != held.division[:4])
        yield _share("elsewhere", outside, sum(managing.values()))


def _known_codes() -> set[str]:
    """The codes of the tree, of places that went since, and of regions in any year."""
    tree = places()
    return {*tree.by_code, *tree.former, *tree.regions, *tree.over_time}
