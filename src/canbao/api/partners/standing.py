"""How a partner stands: what is agreed, until when, and what of it is left today."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from canbao.api.partners.guard import Signed
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import partner_of
from canbao.api.partners.telling import note_service
from canbao.law.exchange import Service, read_exchange
from canbao.registry.models import Agreement
from canbao.registry.partner_counts import rows_today
from canbao.registry.partner_deeds import asked_for_standing
from canbao.registry.partners import granting_agreement
from canbao.registry.quotas import seen_today

router = Router(auth=Signed(), tags=["standing"])


class InForce(Schema):
    """A service that the partner may have today; of rows and people, how many are left of the day's."""

    service: str
    label: str
    agreement: str
    valid_to: date
    requests_a_minute: int
    rows_left: int
    people_left: int


class Standing(Schema):
    """How a partner stands; `now` is our time in seconds."""

    partner: str
    label: str
    now: int
    services: list[InForce]


@router.get("", response={200: Standing, **problems()}, summary="协议和余量")
def standing(request: HttpRequest) -> Standing:
    """The services in force with the number and last day of their agreement, and what is left of the day."""
    partner = partner_of(request)
    note_service(request, "standing")
    asked_for_standing(partner)
    rows, people = rows_today(partner), seen_today(partner.officer)
    agreed = [(service, granting_agreement(partner, service.id)) for service in read_exchange().services]
    services = [_in_force(service, agreement, rows, people) for service, agreement in agreed if agreement]
    now = int(timezone.now().timestamp())
    return Standing(partner=partner.code, label=partner.label, now=now, services=services)


def _in_force(service: Service, agreement: Agreement, rows: int, people: int) -> InForce:
    return InForce(
        service=service.id, label=service.label, agreement=agreement.number, valid_to=agreement.valid_to,
        requests_a_minute=agreement.requests_a_minute, rows_left=max(0, agreement.rows_a_day - rows),
        people_left=max(0, agreement.people_a_day - people),
    )  # fmt: skip
