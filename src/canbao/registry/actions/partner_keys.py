"""The public keys by which partners sign their requests: the security administrator keeps them."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from canbao.core.dates import anniversary
from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused
from canbao.registry.actions.partners import locked
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Partner, PartnerKey
from canbao.registry.partner_keys import fingerprint

ALGORITHM = "ed25519"


def add_key(*, partner: Partner, public_key: str, valid_to: date, by: Officer) -> PartnerKey:
    """Trust a partner's public key (PEM) up to its last day.

    Raises Refused for what is no Ed25519 public key, one that is on the list already, and a day that is over or too
    far away.
    """
    with deed(by=by, action="partner.key_add", permission="key.manage") as note:
        found = locked(partner, by, note)
        print_ = fingerprint(public_key)
        note.details.update(fingerprint=print_)
        _require_new(print_)
        _require_day(valid_to)
        key = PartnerKey.objects.create(
            partner=found, key_id=print_, algorithm=ALGORITHM, public_key=public_key.strip() + "\n", added_by=by,
            valid_to=valid_to,
        )  # fmt: skip
        note.objects.append(f"partner_key:{key.pk}")
        return key


def withdraw_key(*, key: PartnerKey, by: Officer) -> None:
    """Trust a partner's key no longer: what is signed with it is refused from this moment on."""
    with deed(by=by, action="partner.key_withdraw", permission="key.manage") as note:
        locked(key.partner, by, note)
        note.objects.append(f"partner_key:{key.pk}")
        if key.withdrawn_at is not None:
            raise Refused("这把公钥已经停用了")
        key.withdrawn_at = timezone.now()
        key.save(update_fields=["withdrawn_at"])


def _require_new(print_: str) -> None:
    if PartnerKey.objects.filter(key_id=print_).exists():
        raise Refused("这把公钥已经登记过；请让对方生成一把新的")


def _require_day(valid_to: date) -> None:
    today, years = timezone.localdate(), read_exchange().key_years
    if not today <= valid_to <= anniversary(today, years):
        raise Refused(f"公钥的最后一天应在今天以后、{years} 年以内")
