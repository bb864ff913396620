"""What partners were told is kept for years (law: `given_years`), and no longer."""

from __future__ import annotations

from django.db import connection

from canbao.law.exchange import read_exchange
from canbao.registry.access import working


def forget_old_given() -> int:
    """Delete what was told longer ago than it is kept; returns how many."""
    with working(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_given WHERE at < now() - make_interval(years => %s)", [read_exchange().given_years]
        )
        return int(cursor.rowcount)
