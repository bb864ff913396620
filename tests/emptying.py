"""Empties the register of a test."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter

from django.db import connections

from triggers import without_triggers

KEPT = {"django_migrations", "django_content_type", "feed_era", "quality_bit"}


def empty_register() -> None:
    """Leave nothing but what migrations wrote; every sequence begins anew, and no change of places is remembered."""
    from canbao.registry.places_now import forget

    with connections["owner"].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables_in_order()))
        filled = [name for (name,) in cursor.fetchall()]
        with without_triggers(cursor):  # a few rows of many tables: to truncate them would take longer than most tests
            for name in sorted(filled, key=tables_in_order().index):
                cursor.execute(f"DELETE FROM {name}")
        cursor.execute("SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences")
    forget()


@cache
def tables_in_order() -> list[str]:
    """All tables, those that refer to others before them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
        )
        referring: dict[str, set[str]] = {name: set() for (name,) in cursor.fetchall() if name not in KEPT}
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND conparentid = 0 AND conrelid <> confrelid"
        )
        for one, other in cursor.fetchall():
            if one in referring and other in referring:
                referring[other].add(one)
    return list(TopologicalSorter(referring).static_order())
