"""The JSON reading: the condition as plain data, which the phone's engine judges."""

from __future__ import annotations

from typing import Any, assert_never

from canbao.core.conditions import kinds
from canbao.core.conditions.kinds import Condition


def to_json(condition: Condition) -> dict[str, Any]:
    """The condition as a mapping with one key, which `read_condition` reads back to an equal condition."""
    match condition:
        case kinds.Always():
            return {"always": True}
        case kinds.Otherwise():
            return {"otherwise": True}
        case kinds.Among(name, values):
            return {name: list(values)}
        case kinds.Filled(name, filled):
            return {name: "present" if filled else "missing"}
        case kinds.BeginsWith(name, prefixes):
            return {name: {"begins_with": list(prefixes)}}
        case kinds.BeginsWithField(name, other):
            return {name: {"begins_with_field": other}}
        case kinds.Before(name, other):
            return {name: {"before_field": other}}
        case kinds.Age(on, at_least, below):
            bounds = {"at_least": at_least, "below": below}
            return {on: {word: years for word, years in bounds.items() if years is not None}}
        case kinds.Has(qualities):
            return {"has": list(qualities)}
        case kinds.Every(parts):
            return {"all": [to_json(part) for part in parts]}
        case kinds.Some(parts):
            return {"any": [to_json(part) for part in parts]}
        case kinds.Not(part):
            return {"not": to_json(part)}
    assert_never(condition)
