"""What a department is told of its list: for each row its number and a code, and of whom that was is written down."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from canbao.registry.access import Refused, acting, require_area, unveiled
from canbao.registry.deeds import deed
from canbao.registry.models import ExchangeRun, Given, Officer
from canbao.registry.runs import require_list
from canbao.registry.streams import listing

CODES = {
    listing.TAKEN: "0", listing.ABSENT: "1", listing.OTHER: "2", listing.OLDER: "3", listing.REFUSED: "4",
    listing.ASIDE: "9",
}  # fmt: skip
"""What stands in the result for each outcome (docs/exchange.md)."""
PIECE = 20_000
PURPOSE = "package"
Line = tuple[int, str]


def take_result(*, run: ExchangeRun, by: Officer) -> list[Line]:
    """Each row's number and code, in the order of the list; people of whom that tells something are `Given`.

    Whoever is outside the agreement's area or protected is told as somebody who isn't there. Raises Refused.
    """
    with deed(by=by, action="run.result", permission="exchange.drop") as note:
        note.objects += [f"partner:{run.partner_id}", f"run:{run.pk}"]
        require_area(by, run.partner.area)
        if run.state != "done":
            raise Refused("比对完成以后才有结果")
        require_list(run.partner, run.source)
        found = [line for piece in _pieces(run) for line in _told(run, piece)]
        note.details["rows"] = len(found)
        return found


def _pieces(run: ExchangeRun) -> Iterator[list[tuple[int, str, int | None]]]:
    after = 0
    while True:
        with unveiled(), connection.cursor() as cursor:
            cursor.execute(_ROWS, [run.pk, after, PIECE])
            piece = cursor.fetchall()
        if not piece:
            return
        yield piece
        after = piece[-1][0]


def _told(run: ExchangeRun, piece: list[tuple[int, str, int | None]]) -> Iterator[Line]:
    people = [person for _, _, person in piece if person is not None]
    with acting(run.agreement.area, run.partner.officer), connection.cursor() as cursor:
        cursor.execute(_VISIBLE, [people])
        visible = {person for (person,) in cursor.fetchall()}
        _give(run, visible)
    for row, outcome, person in piece:
        is_told = outcome == listing.REFUSED or person in visible
        yield row, CODES.get(outcome if is_told else listing.ABSENT, CODES[listing.ASIDE])


def _give(run: ExchangeRun, people: set[int]) -> None:
    """Write down whom a run's result tells of, once."""
    said = {"partner": run.partner, "agreement": run.agreement, "service": "compare", "told_to": f"run:{run.pk}"}
    known = set(Given.objects.filter(**said, person_id__in=people).values_list("person_id", flat=True))
    Given.objects.bulk_create(
        (Given(**said, person_id=one, purpose=PURPOSE, items=["outcome"]) for one in sorted(people - known)),
        batch_size=PIECE // 4,
    )


_ROWS = (
    "SELECT row, outcome, person_id FROM exchange_run_row WHERE run_id = %s AND row > %s AND NOT ends "
    "ORDER BY row LIMIT %s"
)
_VISIBLE = (
    "SELECT number.person_id FROM person_identifier AS number WHERE number.person_id = ANY(%s) AND EXISTS ("
    "SELECT FROM person WHERE person.id = number.person_id OR person.id IN (SELECT into_id FROM merged "
    "WHERE merged.person_id = number.person_id))"
)
