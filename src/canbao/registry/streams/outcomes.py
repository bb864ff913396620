"""What became of the rows that a partner has pushed."""

from __future__ import annotations

from typing import Any

from django.db import connection

from canbao.law.exchange import read_exchange
from canbao.registry.database import rows
from canbao.registry.models import Partner
from canbao.registry.streams.rows import LARGEST_SEQ


def outcomes(partner: Partner, after: int) -> list[dict[str, Any]]:
    """What became of rows, in the order in which they came, beyond the number `after`; those that wait end the list.

    So whoever goes on from the last number misses none. Rows of lists are none of them: a run has its own result.
    """
    with connection.cursor() as cursor:
        most, largest = read_exchange().page_rows, LARGEST_SEQ
        cursor.execute(_OUTCOMES, {"partner": partner.pk, "after": after, "most": most, "largest": largest})
        return rows(cursor)


_OUTCOMES = """
SELECT id AS number, key AS id, seq, state, says FROM inbox WHERE partner_id = %(partner)s AND id > %(after)s
AND seq <= %(largest)s
AND id < coalesce((SELECT min(id) FROM inbox WHERE partner_id = %(partner)s AND state = 'kept'), 9223372036854775807)
ORDER BY inbox.id LIMIT %(most)s
"""
