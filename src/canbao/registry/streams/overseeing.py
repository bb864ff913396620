"""Looking after streams: those of one's area, as a deed; and alarms about all of them, as often as the queue calls."""

from __future__ import annotations

from django.db.models import QuerySet

from canbao.registry.access import working
from canbao.registry.deeds import deed, raise_alarms
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer, Partner
from canbao.registry.partner_alarms import of_stream
from canbao.registry.streams.watching import HourOfDay, Watched, hours, watched

PERMISSION = "exchange.watch"


def own_partners(by: Officer) -> QuerySet[Partner]:
    """The partners whose area lies in the officer's."""
    if not by.area:
        return Partner.objects.none()
    return Partner.objects.filter(officer__area__startswith=by.area).select_related("officer").order_by("code")


def streams(*, by: Officer) -> list[Watched]:
    """How the streams of one's partners are, those with a trouble first."""
    with deed(by=by, action="exchange.watch", permission=PERMISSION) as note:
        found = watched(list(own_partners(by)))
        note.details.update(found=len(found))
        return sorted(found, key=lambda one: (one.partner.cut_off_at is not None, not one.troubles))


def stream(partner_id: int, *, by: Officer) -> tuple[Watched, list[HourOfDay]] | None:
    """How one is, and its last hours; None if there is no such partner of one's own."""
    with deed(by=by, action="exchange.watch", permission=PERMISSION) as note:
        partner = own_partners(by).filter(pk=min(partner_id, LARGEST_ID)).first()
        if partner is None:
            note.details.update(found=0, asked=partner_id)
            return None
        note.objects.append(f"partner:{partner.pk}")
        return watched([partner])[0], hours(partner)


def all_streams() -> list[Watched]:
    """How all of them are, for machines that watch."""
    with working():
        return watched(list(Partner.objects.select_related("officer").order_by("code")))


def raise_due_alarms() -> list[str]:
    """Raise what those who watch should know, each kind once a day and partner; returns the kinds that were raised."""
    raised = []
    for one in all_streams():
        with working():
            alarms = list(of_stream(one))
            raise_alarms(alarms, by=one.partner.officer, action="exchange.watch")
        raised += [alarm.kind for alarm in alarms]
    return raised
