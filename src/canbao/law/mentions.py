"""What a condition mentions: fields with the values they are compared to, qualities, and parts not on the closed list.

The list itself, with its three readings, is in core; here it is only walked, so that law can check what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

RELATIONS_TO_TEXT = ("begins_with",)
RELATIONS_TO_FIELD = ("begins_with_field", "before_field", "after_field")
AGES = ("age_on_31_august", "age_on_day")


@dataclass(frozen=True)
class Mention:
    """One thing that a condition mentions; `kind` is field, value, quality, otherwise or odd.

    A value belongs to the field `name`; of an odd part `name` is the part as written.
    """

    kind: str
    name: str
    value: str = ""


def mentions(condition: Any) -> Iterator[Mention]:
    """Everything that the condition mentions, parts inside `all`, `any` and `not` included."""
    if not isinstance(condition, dict) or len(condition) != 1:
        yield Mention("odd", str(condition))
        return
    key, value = next(iter(condition.items()))
    if key in ("all", "any", "not"):
        for part in value if isinstance(value, list) else [value]:
            yield from mentions(part)
    elif key in ("always", "otherwise"):
        yield Mention(key, key)
    elif key == "has":
        yield from (Mention("quality", str(one)) for one in _listed(value))
    elif key in AGES:
        yield Mention("field", "birth_date")
    else:
        yield from _about_field(key, value)


def _about_field(name: str, value: Any) -> Iterator[Mention]:
    yield Mention("field", name)
    if value in ("missing", "present"):
        return
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield from (Mention("value", name, one) for one in value)
        return
    relation, other = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", None)
    if relation in RELATIONS_TO_FIELD:
        yield Mention("field", str(other))
    elif relation not in RELATIONS_TO_TEXT:
        yield Mention("odd", f"{name}: {value}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
