"""A partner's deed: what was agreed, limits, work, alarms and one line of the log.

    with partner_deed(partner, "look_up") as served:
        ...
        count_people(served.agreement, [7], served.note)

Requests are counted before anything is looked at, refused ones too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, acting
from canbao.registry.deeds import Note, deed, write_event, write_refusal
from canbao.registry.models import Agreement, Partner
from canbao.registry.partner_alarms import of_hours, of_refusal, of_rows
from canbao.registry.partner_counts import TURNED_AWAY, Counted, count_refusal, count_request, rows_today
from canbao.registry.partner_limits import UNAGREED, note_miss, require_minute, require_no_crawl, require_rows
from canbao.registry.partners import PartnerRefused, granting_agreement, require_agreed

LINES = 60
"""So many refusals a minute are written down one by one: a flood of requests is no flood of lines, but is counted."""


@dataclass(frozen=True)
class Served:
    """What a request is served under; `note` is for its line of the log."""

    partner: Partner
    agreement: Agreement
    note: Note


@contextmanager
def partner_deed(partner: Partner, service: str, *, rows: int = 0, purpose: str = "") -> Iterator[Served]:
    """Do a service for a partner, in one transaction that sees the agreement's area as the partner may.

    `rows` is how many are pushed with it. Raises PartnerRefused without an agreement that names the service, beyond its
    limits, and whatever the work raises; a 404 of the work counts as a miss, and too many of them stop look-ups.
    """
    counted = count_request(partner, service, rows)
    granting = granting_agreement(partner, service)
    try:
        _require_minute(counted, granting.requests_a_minute if granting else UNAGREED)
        with _noted(partner, service, purpose) as note:
            agreement = granting or require_agreed(partner, service)
            agreement.partner = partner
            _require_limits(agreement, counted, note)
            with acting(agreement.area, partner.officer):
                yield Served(partner, agreement, note)
    except Refused as refusal:
        _count(refusal, counted)
        raise


def asked_for_standing(partner: Partner) -> None:
    """Count, and write down, that a partner has asked how it stands; that needs no agreement."""
    counted = count_request(partner, "standing")
    try:
        _require_minute(counted, UNAGREED)
    except Refused as refusal:
        _count(refusal, counted)
        raise
    write_event(by=partner.officer, action="exchange.standing")


def turn_away(partner: Partner, why: str) -> None:
    """Count, and write down, that a partner's request was refused before any deed began."""
    counted = count_request(partner, TURNED_AWAY)
    if counted.requests <= LINES:
        write_refusal(by=partner.officer, action="exchange.turned_away", why=why, alarms=of_refusal(partner))
    count_refusal(counted)


@contextmanager
def _noted(partner: Partner, service: str, purpose: str) -> Iterator[Note]:
    """The deed itself; what is refused may be one refusal too many."""
    known = read_exchange().service(service)
    assert known is not None, service
    with deed(by=partner.officer, action=f"exchange.{service}", permission=known.permission, purpose=purpose) as note:
        note.objects.append(f"partner:{partner.pk}")
        try:
            yield note
        except Refused as refusal:
            if not _is_miss(refusal):
                note.alarms.extend(of_refusal(partner))
            raise


def _require_limits(agreement: Agreement, counted: Counted, note: Note) -> None:
    note.details["agreement"] = agreement.number
    if counted.rows:
        note.details["rows"] = counted.rows
        today = rows_today(agreement.partner)
        note.alarms.extend(of_rows(agreement, today))
        require_rows(agreement, today)
    if counted.service == "look_up":
        require_no_crawl(agreement)
    note.alarms.extend(of_hours(agreement.partner, counted.service))


def _require_minute(counted: Counted, most: int) -> None:
    """The first request beyond the minute's limit is written down, the others are counted alone."""
    try:
        require_minute(counted, most)
    except PartnerRefused as refusal:
        if counted.requests == most + 1:
            by, action = counted.partner.officer, f"exchange.{counted.service}"
            write_refusal(by=by, action=action, why=str(refusal), alarms=of_refusal(counted.partner))
        refusal.write_down = _nothing_more
        raise


def _nothing_more() -> None:
    """What there was to write down is written."""


def _count(refusal: Refused, counted: Counted) -> None:
    if _is_miss(refusal):
        note_miss(counted.partner)
    else:
        count_refusal(counted)


def _is_miss(refusal: Refused) -> bool:
    return isinstance(refusal, PartnerRefused) and refusal.status == 404
