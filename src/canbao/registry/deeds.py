"""A deed: something an officer does with the register. Permission, area, work and audit row are one transaction.

    with deed(by=officer, action="person.see", permission="person.see", purpose="counter") as note:
        ...
        note.objects.append("person:7")

The audit row is written last. If it can't be written nothing is answered and nothing is changed. A refusal is written
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db import DatabaseError, connection, transaction

from canbao.core.masks import has_identity_number, hide_identity_numbers
from canbao.law.duties import EMERGENCY, read_duties
from canbao.registry.access import Refused, acting, require
from canbao.registry.audit import Entry, append
from canbao.registry.models import Officer

origin: ContextVar[str] = ContextVar("origin", default="")
"""Where the request comes from: address and session, set by whoever takes requests."""


def asked_from() -> str:
    """The address of the machine that asks; empty for what nobody has asked for."""
    return origin.get().partition(" ")[0]


SHORTEST, LONGEST = 4, 1000
"""Characters of a reason or an answer."""


class Unwritten(Exception):
    """The audit row can't be written: so nothing is answered and nothing is changed."""


@dataclass(frozen=True)
class Alarm:
    """What those who watch over the area should know at once; a line of its own, `alarm.KIND`, after the deed's."""

    kind: str
    objects: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Note:
    """What the audit row says besides who and when; objects are named by surrogate key: `person:7`."""

    objects: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    alarms: list[Alarm] = field(default_factory=list)


@contextmanager
def deed(
    *, by: Officer, action: str, permission: str, purpose: str = "", area: str = "", needs_purpose: bool = False
) -> Iterator[Note]:
    """Do something as an officer; `area` is the officer's own unless the verb acts for the whole province.

    Raises Refused, and writes that down, if the duty does not have the permission, a purpose is missing or not one of
    the law's, or the work itself finds that it may not be done.
    """
    note = Note()
    entry = entry_of(by, action, purpose=purpose)
    try:
        require(by, permission)
        if needs_purpose and purpose not in read_duties().purposes.keys() - {EMERGENCY}:
            raise Refused("请先说明查询用途")
        with acting(area or by.area, by):
            yield note
            _write(replace(entry, objects=tuple(note.objects), details=note.details))
            _write_alarms(entry, note)
    except Refused as refusal:
        refused = replace(
            entry, decision="refused", objects=tuple(note.objects), details={**note.details, "why": str(refusal)}
        )
        refusal.write_down = partial(_write_refused, refused, entry, note)
        refusal.write_down()
        raise


@contextmanager
def together() -> Iterator[None]:
    """A deed and what follows from it, its job above all, in one transaction: all of it stays or nothing.

    Of what is refused the line on the log alone stays: it is written once more behind the transaction's end.
    """
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        if refusal.write_down is not None:
            refusal.write_down()
        raise


def write_refusal(*, by: Officer, action: str, why: str, alarms: Iterable[Alarm] = ()) -> None:
    """Write down that a page was refused before any deed began, and the alarms that this raises."""
    refused = entry_of(by, action, decision="refused", details={"why": why})
    _write_refused(refused, entry_of(by, action), Note(alarms=list(alarms)))


@transaction.atomic
def raise_alarms(alarms: Iterable[Alarm], *, by: Officer, action: str) -> None:
    """Write alarms that come of no deed, but of looking after somebody: `by` is whom they are about."""
    _write_alarms(entry_of(by, action), Note(alarms=list(alarms)))


def write_event(*, by: Officer, action: str, details: dict[str, Any] | None = None) -> None:
    """Write down what is no work on records: signing in and out."""
    with transaction.atomic():
        _write(entry_of(by, action, details=details or {}))


def entry_of(by: Officer, action: str, **more: Any) -> Entry:
    """A line of the log about what an officer does, with whatever more there is to say, but for identity numbers."""
    entry = Entry(
        officer_id=by.id,
        account=by.username,
        person_name=by.display_name,
        duty=by.duty,
        area=by.area,
        origin=origin.get(),
        action=action,
        **more,
    )
    return _without_numbers(entry)


@transaction.atomic
def _write_refused(refused: Entry, entry: Entry, note: Note) -> None:
    _write(refused)
    _write_alarms(entry, note)


def _write_alarms(entry: Entry, note: Note) -> None:
    """`alarm:KIND` is among the objects, where the log has an index, so that alarms are found quickly."""
    for alarm in note.alarms:
        objects, details = (f"alarm:{alarm.kind}", *alarm.objects), {"action": entry.action, **alarm.details}
        _write(replace(entry, action=f"alarm.{alarm.kind}", objects=objects, details=details))


def refuse_identity_numbers(text: str, what: str) -> None:
    """Raise Refused for a text that is kept, or shown to many, and has an identity number in it."""
    if has_identity_number(text):
        raise Refused(f"{what}里不能写身份号码；请删去后再提交")


def require_words(text: str, what: str) -> None:
    """Raise Refused unless somebody has said something that may be kept."""
    if not SHORTEST <= len(text.strip()) <= LONGEST or "\0" in text:
        raise Refused(f"请写明{what}（{SHORTEST} 至 {LONGEST} 个字）")
    refuse_identity_numbers(text, what)


def _write(entry: Entry) -> None:
    try:
        with connection.cursor() as cursor:
            append(cursor, _without_numbers(entry))
    except DatabaseError as problem:
        raise Unwritten from problem


def _without_numbers(entry: Entry) -> Entry:
    """Whatever somebody typed into an address or a form, no identity number comes to the log."""
    return replace(
        entry,
        purpose=hide_identity_numbers(entry.purpose),
        objects=tuple(map(hide_identity_numbers, entry.objects)),
        details={name: _clean(said) for name, said in entry.details.items()},
    )


def _clean(said: Any) -> Any:
    if isinstance(said, (list, tuple)):
        return [_clean(one) for one in said]
    if isinstance(said, str) or (isinstance(said, int) and has_identity_number(str(said))):
        return hide_identity_numbers(str(said))
    return said
