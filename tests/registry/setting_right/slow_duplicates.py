"""Duplicates as the slow reference finds them, record by record, beside those that the register has open."""

from __future__ import annotations

from canbao.law.reader import read_law
from canbao.registry.access import working
from canbao.registry.covers_elsewhere import duplicates
from canbao.registry.deeds import Note
from canbao.registry.lookup import whole_record
from canbao.registry.models import Duplicate, Officer
from register_desk import asked

Found = set[tuple[int, str, str, int]]
"""Person, kind, insurance type where the kind is about one alone, and how many rows."""


def open_ones() -> Found:
    """What the register has found."""
    with working():
        return {(one.person_id, one.kind, one.subject, len(one.rows)) for one in Duplicate.objects.filter(state="open")}


def expected(by: Officer) -> Found:
    """What follows from the records, one by one."""
    found: Found = set()
    for person in asked("SELECT id FROM person ORDER BY id"):
        with working():
            record = whole_record(person["id"], by, Note())
        if record and record.person["id"] == person["id"]:
            found |= {
                (person["id"], one.rule.kind, one.subject, len(one.rows)) for one in duplicates(record, read_law())
            }
    return found
