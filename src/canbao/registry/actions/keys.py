"""The public keys with which divisions sign their packages: the province's security administrator keeps them."""

from __future__ import annotations

from django.utils import timezone

from canbao.registry.access import Refused, require_area
from canbao.registry.deeds import deed
from canbao.registry.models import DivisionKey, Officer


def add_key(*, division_code: str, fingerprint: str, public_key: str, by: Officer) -> DivisionKey:
    """Trust a division's public key from now on."""
    with deed(by=by, action="key.add", permission="key.manage") as note:
        note.details.update(division=division_code, fingerprint=fingerprint)
        require_area(by, division_code)
        if DivisionKey.objects.filter(fingerprint=fingerprint).exists():
            raise Refused("这把公钥已经登记过")
        key = DivisionKey.objects.create(
            division_code=division_code, fingerprint=fingerprint, public_key=public_key, added_by=by
        )
        note.objects.append(f"key:{key.id}")
        return key


def withdraw_key(*, key: DivisionKey, by: Officer) -> None:
    """Trust a key no longer; packages already admitted stay."""
    with deed(by=by, action="key.withdraw", permission="key.manage") as note:
        note.objects.append(f"key:{key.id}")
        require_area(by, key.division_code)
        key.withdrawn_at = timezone.now()
        key.save(update_fields=["withdrawn_at"])


def trusted_keys(division_code: str) -> list[str]:
    """The public keys, as PEM text, with which the division's packages may be signed today."""
    return list(
        DivisionKey.objects.filter(division_code=division_code, withdrawn_at=None).values_list("public_key", flat=True)
    )
