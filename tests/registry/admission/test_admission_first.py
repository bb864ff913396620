"""A small city comes in: the register says what the city's own cleaning says, and says it once."""

from __future__ import annotations

from django.db import connection


def test_the_register_is_there_and_locked(register):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM person")
        assert cursor.fetchone() == ("canbao_app", 0)
