"""What each division says under each number of a person, laid out so that one may tick what is somebody else's."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from canbao.office.conflicts.comparing import ITEMS, cover_headers, cover_rows
from canbao.office.people.showing import label_of, show
from canbao.registry.lookup import Record

__all__ = ["Number", "Statement", "cover_headers", "numbers", "statement_of"]


@dataclass(frozen=True)
class Statement:
    """What one division says under one number; `key` names it in a form without the number."""

    key: str
    ssn: str
    division_code: str
    division: str
    is_held: bool
    items: list[tuple[str, str]]
    covers: list[list[str]]
    is_ticked: bool


@dataclass(frozen=True)
class Number:
    """A number of the person, masked, and what is said under it."""

    number: str
    statements: list[Statement]

    @property
    def can_be_split(self) -> bool:
        """Whether there are two divisions at least, so that one of them can be told apart."""
        return len(self.statements) > 1


def numbers(record: Record, ticked: Container[str] = ()) -> list[Number]:
    """The person's numbers with the statements under each; not those that were set apart from another number."""
    own = {one["person_id"]: one["ssn"] for one in record.identifiers}
    facts = [fact for fact in record.facts if own.get(fact["person_id"]) == fact["ssn"]]
    grouped: dict[str, list[Statement]] = {}
    for fact in facts:
        grouped.setdefault(fact["ssn"], []).append(statement_of(fact, record, ticked))
    return [Number(show("ssn", ssn), statements) for ssn, statements in grouped.items()]


def statement_of(fact: dict[str, Any], record: Record, ticked: Container[str] = ()) -> Statement:
    """One division's statement in words, masked."""
    whose = fact["person_id"], fact["division_code"]
    covers = [row for row in record.insurances if (row["person_id"], row["division_code"]) == whose]
    key = f"{whose[0]}-{whose[1]}"
    return Statement(
        key=key,
        ssn=fact["ssn"],
        division_code=fact["division_code"],
        division=show("admin_division_code", fact["division_code"]),
        is_held=fact["is_held"],
        items=[(label_of(name), show(name, fact[name])) for name in ITEMS if fact.get(name) is not None],
        covers=list(cover_rows(covers)),
        is_ticked=key in ticked,
    )
