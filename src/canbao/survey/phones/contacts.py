"""Contacts: what a phone says of itself, by how much its clock is wrong, and what it is told about earlier actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from canbao.registry.access import working
from canbao.survey.models import Device, PhoneAction
from canbao.survey.phones.messages import Contact, Diagnosis


@dataclass(frozen=True)
class Receipt:
    """The server has an action durably; `state` says what became of it."""

    id: str
    sha256: str
    state: str
    says: str


def contact(device: Device, said: Contact) -> dict[str, int]:
    """Keep what the phone says of itself; returns for each stream of its surveyor which number is next."""
    now = timezone.now()
    device.clock_ms = int(now.timestamp() * 1000) - said.now
    device.contact_at, device.app, device.law = now, said.app, said.law
    device.pending, device.drafts, device.storage = said.pending, said.drafts, said.storage.model_dump()
    with working():
        device.save(update_fields=["clock_ms", "contact_at", "app", "law", "pending", "drafts", "storage"])
        return dict(device.surveyor.streams.values_list("key", "next"))


def receipts(device: Device, named: Sequence[tuple[str, str]]) -> list[Receipt]:
    """What became meanwhile of actions of the surveyor, named by id and digest."""
    with working():
        kept = PhoneAction.objects.filter(stream__surveyor=device.surveyor_id, key__in=[key for key, _ in named])
        known = {(str(one.key), one.sha256): one for one in kept}
    found = [known[name] for name in named if name in known]
    return [Receipt(str(one.key), one.sha256, one.state, one.says) for one in found]


def diagnose(device: Device, said: Diagnosis) -> None:
    """Keep what the phone says of itself for whoever helps; the latest counts."""
    kept: dict[str, Any] = {**said.model_dump(), "at": timezone.now().isoformat()}
    with working():
        Device.objects.filter(pk=device.pk).update(diagnosis=kept)
