"""Admitting a package: piece by piece in bounded transactions, each with its facts, records, history and audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Max

from canbao.law.reader import read_law
from canbao.registry.access import PROVINCE, acting
from canbao.registry.actions.admission import merging, staging
from canbao.registry.actions.admission.delivery import Delivery, Piece, Statement
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.audit import Entry, append
from canbao.registry.database import Cursor
from canbao.registry.derivation import Judging
from canbao.registry.models import Officer, Package
from canbao.registry.qualities import quality_bits

Announce = Callable[[int], bool]
"""Told how many people are in; answers whether to go on."""
PIECE = 20_000


class Cancelled(Exception):
    """Somebody asked the admission to stop; what is in stays in, and admitting again goes on from there."""


@dataclass
class Tally:
    """What an admission has done so far."""

    people: int = 0
    changed_facts: int = 0
    gone: int = 0
    registered: int = 0
    changed: int = 0

    def add(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def admit(*, package: Package, delivery: Delivery, by: Officer, announce: Announce = lambda done: True) -> Tally:
    """Put all of a package into the register, from where an earlier attempt stopped.

    Each piece is one transaction: facts, records, history, audit and the package's cursor together, so that a crash
    loses nothing and doubles nothing. Raises Cancelled when `announce` answers no.
    """
    tally = Tally(**package.outcome.get("tally", {}))
    statement = Statement(package.division_code, package.as_of, package.id)
    for piece in delivery.chunks(package.cursor or None, PIECE):
        tally = tally.add(_admit_piece(package, delivery, piece, statement, tally, by))
        if not announce(tally.people):
            raise Cancelled(f"已停在第 {tally.people:,} 人")
    return tally.add(_finish(package, delivery, statement, tally, by))


def _admit_piece(
    package: Package, delivery: Delivery, piece: Piece, statement: Statement, before: Tally, by: Officer
) -> Tally:
    with acting(PROVINCE), connection.cursor() as cursor:
        judging = current_judging(cursor, statement.as_of)
        staging.stage(cursor, delivery, piece)
        staging.stage_conflicts(cursor, delivery, package)
        staging.identify(cursor)
        tally = _merge(cursor, statement, judging, package, piece.last, by)
        tally.people = piece.count
        _remember(package, before.add(tally), piece.last)
        return tally


def _merge(
    cursor: Cursor, statement: Statement, judging: Judging, package: Package, last: str | None, by: Officer
) -> Tally:
    staging.compare(cursor, statement, judging, package.cursor, last)
    merging.replace_facts(cursor, statement, judging)
    merging.raise_conflicts(cursor, statement)
    registered, changed, digest = rejudge(cursor, statement, judging)
    cursor.execute("SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM gone)")
    changed_facts, gone = cursor.fetchone()
    details = {"from": package.cursor, "registered": registered, "changed": changed, "gone": gone, "history": digest}
    append(cursor, _entry(package, by, details))
    return Tally(0, changed_facts, gone, registered, changed)


def _finish(package: Package, delivery: Delivery, statement: Statement, before: Tally, by: Officer) -> Tally:
    """Let go of those beyond the last number, of whom the division no longer says anything."""
    with acting(PROVINCE), connection.cursor() as cursor:
        judging = current_judging(cursor, statement.as_of)
        staging.stage_nothing(cursor, delivery)
        staging.stage_conflicts(cursor, delivery, package)
        staging.identify(cursor)
        tally = _merge(cursor, statement, judging, package, None, by)
        _remember(package, before.add(tally), package.cursor)
        return tally


def judge_again(cursor: Cursor, people: list[int], package: Package, by: Officer) -> None:
    """Derive people's records anew after a decision about facts that are in already."""
    judging = current_judging(cursor, package.as_of)
    staging.touch(cursor, people)
    rejudge(cursor, Statement(package.division_code, package.as_of, package.id, by.id), judging)


def current_judging(cursor: Cursor, as_of: date) -> Judging:
    """The province's law, reading and day; the day never goes back."""
    latest = Package.objects.filter(state__in=["admitted", "admitting"]).aggregate(day=Max("as_of"))["day"]
    law = read_law()
    return Judging(law, settings.PROFILE, max(as_of, latest or as_of), quality_bits(cursor, law))


def _remember(package: Package, tally: Tally, cursor: str) -> None:
    package.outcome = {**package.outcome, "tally": vars(tally)}
    package.people, package.cursor = tally.people, cursor
    package.save(update_fields=["outcome", "people", "cursor"])


def _entry(package: Package, by: Officer, details: dict[str, object]) -> Entry:
    return Entry(
        officer_id=by.id,
        account=by.username,
        person_name=by.display_name,
        duty=by.duty,
        area=by.area,
        action="admit",
        objects=(f"package:{package.id}",),
        details=details,
    )
