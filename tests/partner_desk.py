"""Other systems that push and ask, with agreements as a test needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from canbao.core.covers import SLUGS
from canbao.law.exchange import read_exchange
from canbao.registry.access import working
from canbao.registry.actions.partners import make_partner
from canbao.registry.models import Agreement, Officer, Partner, PartnerKey, Request
from canbao.registry.partner_keys import fingerprint
from people_of_office import officer

SERVICES = ("push", "compare", "feed", "look_up", "back_fill", "proof", "panel")


def partner(
    code: str = "foshan-insurance", kind: str = "insurance", division: str = "440600", area: str = "4406"
) -> Partner:
    """A partner without keys or agreements."""
    by = Officer.objects.filter(duty="provincial_officer").first() or officer("provincial_officer", "44")
    return make_partner(code, f"{code} 系统", kind, division, "某某 0757-12345678", area, by)


def agreed(partner: Partner, services: tuple[str, ...] = SERVICES, **more: Any) -> Agreement:
    """An agreement that is in force, about all that law lets such a partner have, unless a test says otherwise."""
    system = read_exchange().system(partner.kind)
    assert system is not None
    today = timezone.localdate()
    with working():
        request = Request.objects.create(
            kind="agreement", state="approved", area=partner.area, asked_area=partner.area, reason="测试协议",
            asked_by=partner.made_by, due_on=today, content={"partner": partner.pk},
        )  # fmt: skip
    given = {
        "number": f"协〔2026〕{request.pk}号", "purpose": "测试", "confidentiality": "不得外传", "contact": "某某",
        "area": partner.area, "services": list(services), "rows": list(system.rows), "insurance_types": list(SLUGS),
        "items_in": list(system.items), "shown": [one.id for one in read_exchange().shown],
        "valid_from": today - timedelta(days=30), "valid_to": today + timedelta(days=335), "rows_a_day": 10_000_000,
        "people_a_day": 10_000, "requests_a_minute": 100_000, "since": timezone.now(),
    }  # fmt: skip
    return Agreement.objects.create(partner=partner, request=request, **{**given, **more})


def with_key(partner: Partner) -> tuple[Ed25519PrivateKey, PartnerKey]:
    """A key of a partner, and its secret half."""
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = PartnerKey.objects.create(
        partner=partner, key_id=fingerprint(public.decode()), algorithm="ed25519", public_key=public.decode(),
        added_by=partner.made_by, valid_to=timezone.localdate() + timedelta(days=365),
    )  # fmt: skip
    return secret, key
