"""Admitting a package: its numbers are cut into ranges, each range is worked off piece by piece in its own lane.

A piece is one bounded transaction: facts, records, history, audit and the range's cursor together. So a crash loses
nothing and doubles nothing, and admitting again goes on exactly where each range stopped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Event
from typing import TypeVar

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F, Max, Sum
from django.utils import timezone

from canbao.law.reader import read_law
from canbao.registry.access import working
from canbao.registry.actions.admission import merging, staging
from canbao.registry.actions.admission.delivery import Cause, Delivery, Piece, Statement
from canbao.registry.actions.admission.holding import hold_out
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.actions.admission.laying import lay_again
from canbao.registry.actions.admission.taking_up import take_up_again
from canbao.registry.audit import append
from canbao.registry.database import Cursor
from canbao.registry.deeds import entry_of
from canbao.registry.derivation import Judging
from canbao.registry.models import AdmissionRange, Officer, Package
from canbao.registry.qualities import quality_bits

Found = TypeVar("Found")
Announce = Callable[[int], bool]
"""Told how many people are in; answers whether to go on."""
PIECE = int(os.environ.get("CANBAO_ADMISSION_PIECE", "20000"))
"""People in one transaction; fewer take longer, and are undone by less."""
ATTEMPTS = 5
"""How often a piece is tried when another admission holds the same people in the opposite order."""
_LAID = "SELECT person_id FROM changed UNION SELECT person_id FROM gone UNION SELECT person_id FROM pushed"
COUNTS = ("people", "changed_facts", "gone", "registered", "changed")


class Cancelled(Exception):
    """Somebody asked the admission to stop; what is in stays in, and admitting again goes on from there."""


class Overtaken(Exception):
    """Another worker has gone on with this range in the meantime; nothing of this piece was kept."""


def admit(
    *, package: Package, delivery: Delivery, by: Officer, announce: Announce = lambda done: True
) -> dict[str, int]:
    """Put all of a package into the register, from where an earlier attempt stopped; returns the counts.

    Raises Cancelled when `announce` answers no, Overtaken if another worker is admitting the same package.
    """
    _plan(package, delivery)
    stop = Event()
    unfinished = list(package.ranges.filter(is_done=False, is_withdrawal=False))
    with ThreadPoolExecutor(max(len(unfinished), 1), thread_name_prefix="lane") as lanes:
        working = [lanes.submit(_in_lane, package, delivery, one, by, announce, stop) for one in unfinished]
        for lane in working:
            lane.result()
    if stop.is_set():
        raise Cancelled("已按要求停止；再次准入会从停下的地方继续")
    return _counts(package)


def _plan(package: Package, delivery: Delivery) -> None:
    """Cut the package's numbers into ranges, once; quality bits are given now, so that lanes never wait for them."""
    with working(), connection.cursor() as cursor:
        quality_bits(cursor, read_law())
        if package.ranges.exists():
            return
        Package.objects.filter(pk=package.pk).update(is_reversible=True)
        cuts = delivery.cuts(settings.ADMISSION_LANES) if package.people > PIECE else ()
        for after, upto in zip(("", *cuts), (*cuts, ""), strict=True):
            AdmissionRange.objects.create(package=package, upto=upto, cursor=after)


def _in_lane(
    package: Package, delivery: Delivery, range_: AdmissionRange, by: Officer, announce: Announce, stop: Event
) -> None:
    try:
        for piece in delivery.chunks(range_.cursor or None, PIECE, range_.upto or None):
            patiently(partial(admit_piece, package, delivery, piece, range_, by))
            if stop.is_set() or not announce(_counts(package)["people"]):
                stop.set()
                return
        patiently(partial(admit_piece, package, delivery, None, range_, by))
    except BaseException:
        stop.set()
        raise
    finally:
        connection.close()


def patiently(piece: Callable[[], Found]) -> Found:
    """Work on a piece; if it and another admission would wait for each other for ever, start the piece over."""
    for attempt in range(ATTEMPTS):
        try:
            return piece()
        except OperationalError as problem:
            if attempt + 1 == ATTEMPTS or "deadlock" not in str(problem):
                raise
    raise AssertionError("unreachable")


def admit_piece(package: Package, delivery: Delivery, piece: Piece | None, range_: AdmissionRange, by: Officer) -> None:
    """One transaction; without a piece, whoever lies beyond the last one is let go."""
    statement = Statement(package.division_code, package.as_of, package.id)
    last = piece.last if piece else range_.upto or None
    with working(), connection.cursor() as cursor:
        judging = current_judging(cursor, statement.as_of)
        staging.share_division(cursor, statement.division)
        staging.stage(cursor, delivery, piece)
        staging.stage_conflicts(cursor, delivery, package)
        staging.identify(cursor, statement)
        staging.compare(cursor, statement, judging, range_.cursor, last)
        merging.replace_facts(cursor, statement, judging)
        hold_out(cursor)
        lay_again(cursor, judging, statement.division, _LAID, arriving=statement.as_of)
        registered, changed, digest = rejudge(cursor, Cause("changed", package.id), judging)
        take_up_again(cursor)
        counts = {**_facts_counted(cursor), "registered": registered, "changed": changed}
        counts["people"] = piece.count if piece else 0
        after = remember(range_, counts, last or range_.cursor, is_done=piece is None)
        details = {"range": range_.pk, "history": digest, **counts}
        append(cursor, entry_of(by, "admit", objects=(f"package:{package.id}",), details=details))
    range_.cursor = after


def _facts_counted(cursor: Cursor) -> dict[str, int]:
    cursor.execute("SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM gone)")
    changed_facts, gone = cursor.fetchone()
    return {"changed_facts": changed_facts, "gone": gone}


def remember(range_: AdmissionRange, counts: dict[str, int], cursor: str, *, is_done: bool) -> str:
    """Move a range's cursor on; raises Overtaken if it isn't where this worker left it."""
    added = {name: F(name) + count for name, count in counts.items()}
    mine = AdmissionRange.objects.filter(pk=range_.pk, cursor=range_.cursor, is_done=False)
    if not mine.update(cursor=cursor, is_done=is_done, **added):
        raise Overtaken(f"package {range_.package_id}")
    return cursor


def _counts(package: Package) -> dict[str, int]:
    counted = package.ranges.filter(is_withdrawal=False).aggregate(**{name: Sum(name) for name in COUNTS})
    return {name: total or 0 for name, total in counted.items()}


def judge_again(cursor: Cursor, people: list[int], cause: Cause, as_of: date | None = None) -> None:
    """Derive the records of these numbers' people anew after a decision about facts that are in already."""
    judging = current_judging(cursor, as_of)
    staging.touch(cursor, people)
    rejudge(cursor, cause, judging)


def current_judging(cursor: Cursor, as_of: date | None = None) -> Judging:
    """The province's law, reading and day; the day never goes back, not even when a package is withdrawn."""
    latest = AdmissionRange.objects.aggregate(day=Max("package__as_of"))["day"]
    days = [day for day in (as_of, latest) if day is not None]
    law = read_law()
    return Judging(law, settings.PROFILE, max(days, default=timezone.localdate()), quality_bits(cursor, law))
