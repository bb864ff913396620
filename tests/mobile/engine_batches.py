"""Cases for the phone's engine with the answers that Python gives: the law's own, and many made with a seed."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from canbao.core import covers
from canbao.core.conditions import Record, holds, read_condition, to_json
from canbao.core.conditions.kinds import Age, Among, Condition, fields_of, parts_of, qualities_of
from canbao.core.conditions.python import Value
from canbao.core.dates import anniversary, attained, cut_off, read_day
from canbao.core.export import exported_for_phone, exported_moves
from canbao.core.progress import IllegalMove, after, open_moves
from canbao.core.registration import DERIVED, register
from canbao.core.registration import qualities_of as qualities_of_rows
from canbao.core.tables import Decision, decide
from canbao.core.text import normalise_text
from canbao.law.moves import Workflow, read_workflows
from canbao.law.reader import read_law

LAW = read_law()
DECIDED = (*DERIVED, "disposition")
PROFILE = "guangdong_2017"
"""The one that phones are told; every table carries the orders of all."""
AS_OF = [
    date(2017, 6, 30),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2026, 8, 31),
    date(2026, 12, 31),
    date(2026, 1, 1),
]


@dataclass(frozen=True)
class Batch:
    """Cases of one kind, as JSON, and what is to come out."""

    name: str
    given: Any
    expected: list[Any]


BATCHES: dict[str, Callable[[], Batch]] = {}


def batch(make: Callable[[], tuple[Any, list[Any]]]) -> Callable[[], Batch]:
    """Register a function that makes cases under its own name; they are made once."""
    BATCHES[make.__name__] = cache(lambda: Batch(make.__name__, *make()))
    return BATCHES[make.__name__]


@batch
def characters() -> tuple[Any, list[Any]]:
    """Every character that Python's Unicode knows, between two letters."""
    known = [chr(code) for code in range(sys.maxunicode + 1)]
    text = "".join(one for one in known if unicodedata.category(one) not in ("Cn", "Co", "Cs"))
    return [text], ["\n".join(normalise_text(f"a{one}b") for one in text)]


@batch
def texts() -> tuple[Any, list[Any]]:
    """Odd texts."""
    chance = Random(20170630)
    odd = "".join(
        map(chr, [*range(0x100), *range(0x2000, 0x2070), *range(0xFF00, 0xFFF0), 0xFEFF, 0x3000, 0x1680, 0x200D])
    )
    pool = odd + "张三𠮷①㈱ｱﾞé가각ﬁ☎️👨‍👩‍👧\U000e0101"
    given = ["".join(chance.choices(pool, k=chance.randint(0, 12))) for _ in range(4000)]
    return given, [normalise_text(one) for one in given]


DAY_FORMS = [
    "{y}{m:02}{d:02}", "{y}-{m}-{d}", "{y}/{m:02}/{d}", "{y}.{m}.{d:02}", "{y}年{m}月{d}日", "{y} 年 {m} 月{d} 日",
    "{y}-{m}/{d}",
]  # fmt: skip
TIMES = ["", "", "", " 12:30", "T23:59:59.5Z", " 24:00", "T9:00+08:00", "120000", ".0", " 1:2", "\u200b", " ", "日"]


def day_texts(chance: Random) -> list[str]:
    """Days and what looks like them, in many ways of writing."""
    found = [str(serial).zfill(5) for serial in (*range(100), *range(0, 100000, 37), 99999)]
    for _ in range(6000):
        year, day = chance.choice([1799, 1800, 1900, 2000, 2024, 2026, 2200, 2201]), chance.randrange(33)
        month = chance.choice([chance.randrange(13), chance.randrange(33)])
        text = chance.choice(DAY_FORMS).format(y=year, m=month, d=day) + chance.choice(TIMES)
        found.append(widened(text, chance))
    return found


def widened(text: str, chance: Random) -> str:
    """The text, at times in full width or with what can't be seen."""
    way = chance.randrange(6)
    if way == 0:
        return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    return f"\u3000{text}\ufeff" if way == 1 else text


@batch
def days() -> tuple[Any, list[Any]]:
    """Days as people write them, and what is none."""
    given = day_texts(Random(1))
    return given, [day.isoformat() if (day := read_day(one)) else None for one in given]


@batch
def ages() -> tuple[Any, list[Any]]:
    """Birthdays and the days around them."""
    chance, given, expected = Random(2), [], []
    for _ in range(4000):
        birth = chance.choice(
            [date(1960, 2, 29), date(2000, 2, 28), date(1900, 1, 1) + timedelta(chance.randrange(46000))]
        )
        years = chance.randrange(130)
        day = anniversary(birth, years) + timedelta(chance.choice([-366, -1, 0, 1, 200]))
        given.append([birth.isoformat(), years, day.isoformat()])
        expected.append([anniversary(birth, years).isoformat(), attained(birth, years, day), cut_off(day).isoformat()])
    return given, expected


def some_condition(chance: Random, fields: list[str], depth: int = 3) -> dict[str, Any]:
    """A condition as the law might have it, about texts, days, ages and qualities."""
    if depth and chance.random() < 0.6:
        word = chance.choice(["all", "any", "not"])
        if word == "not":
            return {"not": some_condition(chance, fields, depth - 1)}
        return {word: [some_condition(chance, fields, depth - 1) for _ in range(chance.randint(1, 3))]}
    field, other, years = chance.choice(fields), chance.choice(fields), chance.randint(0, 70)
    values = chance.choices(["0", "1", "2", "44", "5"], k=2)
    return chance.choice([
        {field: values}, {field: "missing"}, {field: "present"},
        {"always": True}, {"has": "household"}, {"has": ["a", "b"]},
        {field: {"begins_with": ["44", "2"]}}, {field: {"begins_with_field": other}}, {field: {"before_field": other}},
        {field: {"after_field": other}}, {field: {"before_field": "as_of"}}, {"age_on_day": {"below": years}},
        {"age_on_31_august": {"at_least": years}}, {"age_on_day": {"from": years, "to": years + 9}},
    ])  # fmt: skip


TEXTS = [None, "", "1", "2", "44", "440604", "2017-01-01"]


@batch
def conditions() -> tuple[Any, list[Any]]:
    """Conditions of every kind inside each other, on records with much missing."""
    chance, given, expected = Random(3), [], []
    fields = ["sex", "town", "birth_date", "died", "constructor"]
    for _ in range(6000):
        as_of = chance.choice(AS_OF)
        texts = {name: chance.choice(TEXTS) for name in ("sex", "town", "constructor")}
        born = {name: chance.choice([None, some_birth(chance, as_of, [16, 60])]) for name in ("birth_date", "died")}
        items = {name: value for name, value in {**texts, **born}.items() if chance.random() < 0.9}
        have = frozenset(one for one in ("household", "a", "b") if chance.random() < 0.3)
        condition = read_condition(some_condition(chance, fields))
        given.append(
            [to_json(condition), {name: tagged(one) for name, one in items.items()}, as_of.isoformat(), sorted(have)]
        )
        expected.append(holds(condition, Record(items, as_of, have)))
    return given, expected


def tagged(value: Value) -> Any:
    """A day so that JSON tells it from a text."""
    return {"day": value.isoformat()} if isinstance(value, date) else value


def plain(items: dict[str, Value]) -> dict[str, Any]:
    """Items as JSON carries them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in items.items()}


def some_birth(chance: Random, as_of: date, ages: list[int]) -> date:
    """A birthday at or around one at which something changes."""
    on = chance.choice([as_of, cut_off(as_of)])
    around = anniversary(on, -chance.choice(ages)) + timedelta(chance.choice([-1, 0, 0, 1]))
    return chance.choice([around, around, as_of - timedelta(chance.randrange(-400, 36000)), date(1996, 2, 29)])


def mentioned(conditions: list[Condition]) -> tuple[dict[str, list[str]], list[int], list[str]]:
    """The values of each field, the ages and the qualities that conditions ask for."""
    parts = [part for one in conditions for part in parts_of(one)]
    values: dict[str, list[str]] = {name: [] for one in conditions for name in sorted(fields_of(one))}
    for part in parts:
        if isinstance(part, Among):
            values[part.field] += part.values
    ages = [years for one in parts if isinstance(one, Age) for years in (one.at_least, one.below) if years is not None]
    return values, ages or [18], sorted({name for one in conditions for name in qualities_of(one)})


def said_by(decision: Decision) -> dict[str, Any]:
    """A decision as the engine says it."""
    return {
        "value": decision.value,
        "rule": decision.rule,
        "alsoMatching": list(decision.also_matching),
        "undetermined": decision.undetermined,
    }


@batch
def tables() -> tuple[Any, list[Any]]:
    """Records for every table, made of what its rows ask for."""
    chance, records, expected = Random(4), [], []
    for name, table in LAW.tables.items():
        written = [row.when for row in table.first_match] + ([table.only_when] if table.only_when else [])
        values, ages, qualities = mentioned([read_condition(one) for one in written])
        for _ in range(1000):
            as_of, profile = chance.choice(AS_OF), chance.choice(list(LAW.profiles))
            items: dict[str, Value] = {field: chance.choice([*of, *of, None, "", "zz"]) for field, of in values.items()}
            items["birth_date"] = chance.choice([None, *[some_birth(chance, as_of, ages) for _ in range(6)]])
            have = frozenset(chance.sample(qualities, chance.randint(0, min(4, len(qualities)))))
            records.append([name, profile, plain(items), as_of.isoformat(), sorted(have)])
            expected.append(said_by(decide(table, profile, Record(items, as_of, have))))
    return {"law": exported_for_phone(LAW, PROFILE), "records": records}, expected


@batch
def persons() -> tuple[Any, list[Any]]:
    """The law's worked cases, by every profile they are for, each from what is known before anything is derived."""
    records, expected = [], []
    derived = {*DECIDED, *(f"{item}_rule" for item in DECIDED), "item_missing", "item_wrong"}
    for case in LAW.cases:
        for profile in case.profiles:
            made = register(case.rows, law=LAW, profile=profile, as_of=case.as_of)
            rows = {**case.rows, "insurance": covers.understood(case.rows.get("insurance", ()))}
            known = {name: value for name, value in made.items.items() if name not in derived}
            qualities = sorted(qualities_of_rows(rows, LAW, case.as_of))
            records.append([profile, plain(known), case.as_of.isoformat(), qualities])
            decisions = {item: said_by(made.decisions[item]) for item in DECIDED}
            expected.append({"items": plain(made.items), "decisions": decisions})
    return {"law": exported_for_phone(LAW, PROFILE), "records": records}, expected


@batch
def moves() -> tuple[Any, list[Any]]:
    """Every move of every workflow from every state, before anything has begun, and one that nobody wrote down."""
    given, expected = [], []
    for flow in read_workflows().values():
        for state in (None, *flow.states):
            for move in (*(one.id for one in flow.moves), "fly"):
                given.append([exported_moves(flow), state, move])
                expected.append([[one.id for one in open_moves(flow, state)], moved(flow, state, move)])
    return given, expected


def moved(flow: Workflow, state: str | None, move: str) -> str:
    """The state after a move, or why there is none."""
    try:
        return after(flow, state, move)
    except IllegalMove as problem:
        return str(problem)
