"""Lines of the log for tests, and what somebody with the owner's rights could do to them."""

from __future__ import annotations

from django.db import connection, connections, transaction

from canbao.registry.audit import Entry, append
from triggers import without_triggers


def write(count: int, **more: object) -> None:
    """Look-ups of as many people, one after the other."""
    for place in range(count):
        entry = Entry(
            action="person.see", officer_id=1, account="甲", objects=(f"person:{place}",), details={"n": place}, **more
        )
        with transaction.atomic(), connection.cursor() as cursor:
            append(cursor, entry)


def tamper(statement: str, *parameters: object) -> None:
    """What somebody with the owner's rights could do."""
    with connections["owner"].cursor() as cursor, without_triggers(cursor):
        cursor.execute(statement, parameters)
