"""What was done day by day, against the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from canbao.survey.supervision.standing import View


@dataclass(frozen=True)
class Day:
    """Moves of one day by name, and how many forms the plan has for it."""

    day: date
    moves: dict[str, int] = field(default_factory=dict)
    planned: int = 0

    @property
    def handed_in(self) -> int:
        """Forms that came in, first ones and corrected ones."""
        return self.moves.get("submit", 0) + self.moves.get("resubmit", 0)

    @property
    def approved(self) -> int:
        """Forms that were approved, less those that a later check has taken back."""
        return self.moves.get("approve", 0) - self.moves.get("reopen", 0)

    @property
    def returned(self) -> int:
        """Forms that went back."""
        return self.moves.get("return", 0)


def days(view: View, to_visit: int, *, since: date | None = None, till: date | None = None) -> list[Day]:
    """Each day of a span, else from the campaign's first to today or its end, whichever comes later."""
    found = _moves(view)
    first = since or min([view.period.starts, *found])
    last = till or min(view.today, max([view.period.ends, *found]))
    every = [first + timedelta(days=more) for more in range((last - first).days + 1)]
    planned = view.period.planned
    return [
        Day(day, found.get(day, {}), planned(to_visit, day) - planned(to_visit, day - timedelta(days=1)))
        for day in every
    ]


def _moves(view: View) -> dict[date, dict[str, int]]:
    found: dict[date, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, {**view.said, "digits": max(6, len(view.place))})
        for day, move, many in cursor.fetchall():
            found.setdefault(day, {})[move] = many
    return found


_MOVES = """
SELECT day, move, sum(many)::int FROM survey_daycount
WHERE campaign_id = %(campaign)s AND digits = %(digits)s AND place >= %(from)s AND place < %(beyond)s GROUP BY 1, 2
"""
