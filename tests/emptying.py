"""Empties the register of a test."""

from __future__ import annotations

from django.db import connections
from django.db.backends.utils import CursorWrapper

from triggers import without_triggers

KEPT = {"django_migrations", "django_content_type", "quality_bit"}


def empty_register() -> None:
    """Leave nothing but what migrations wrote; every sequence begins anew."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, relkind = 'p' FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        divided = {name: is_divided for name, is_divided in cursor.fetchall() if name not in KEPT}
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in divided))
        filled = [name for (name,) in cursor.fetchall()]
        _empty(cursor, [name for name in filled if divided[name]], [name for name in filled if not divided[name]])
        cursor.execute("SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences")


def _empty(cursor: CursorWrapper, divided: list[str], whole: list[str]) -> None:
    """Empty what has rows: to truncate the six hundred files of divided tables would take longer than most tests."""
    with without_triggers(cursor):
        for name in divided:
            cursor.execute(f"DELETE FROM {name}")
        if whole:
            cursor.execute(f"TRUNCATE {', '.join(whole)} CASCADE")
