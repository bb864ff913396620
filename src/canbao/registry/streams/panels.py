"""Panels: what a look-up tells, as a page that a counter's system shows in a frame; once, soon, and only there.

The address has a random token, of which a digest is kept. Opening it is a look of its own: agreement, limits and
protection are asked again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, working
from canbao.registry.deeds import Note
from canbao.registry.models import Agreement, Panel
from canbao.registry.partner_deeds import partner_deed
from canbao.registry.partners import PartnerRefused, require_not_cut_off
from canbao.registry.streams.counter import give, known_person, parts_of
from canbao.registry.throttle import begin_guess

BYTES = 32
ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?")
MOST_ORIGINS = 10
GONE = "这个页面已经看过，或已过有效时间；请在业务系统中重新打开"


@dataclass(frozen=True)
class Opened:
    """A panel that was opened now: whose, and the origins of the pages that may frame it."""

    panel: Panel
    origins: tuple[str, ...]


def checked_origins(written: Iterable[str]) -> list[str]:
    """Origins for an agreement: `https://host` with a port if any; raises Refused for others and for too many."""
    origins = [*dict.fromkeys(filter(None, (one.strip().lower() for one in written)))]
    wrong = [one for one in origins if ORIGIN.fullmatch(one) is None]
    if wrong or len(origins) > MOST_ORIGINS:
        raise Refused(f"嵌入页面的来源应写成 https://主机名 或 https://主机名:端口，最多 {MOST_ORIGINS} 个")
    return origins


def ask_panel(agreement: Agreement, person_id: int, *, purpose: str, told_to: str, note: Note) -> str:
    """A token that shows a person once. Raises PartnerRefused without origins, and for whoever wasn't looked up."""
    if not origins_of(agreement):
        raise PartnerRefused(403, "beyond", "共享协议没有写明可以嵌入页面的来源（panel_origins）")
    record = known_person(agreement, person_id, note)
    note.details["step"] = "address"
    token = secrets.token_urlsafe(BYTES)
    Panel.objects.create(
        digest=_digest(token), partner=agreement.partner, agreement=agreement, person_id=record.person["id"],
        told_to=told_to, purpose=purpose, expires_at=timezone.now() + timedelta(seconds=read_exchange().panel_seconds),
    )  # fmt: skip
    return token


def open_panel(token: str) -> Opened | None:
    """Use a token up; None for one that nobody has. `panel.used_at` is empty for one that can't be used any more.

    Raises TooManyGuesses for who tries too many.
    """
    with working():
        panel = Panel.objects.filter(digest=_digest(token)).select_related("partner__officer", "agreement").first()
        if panel is not None:
            panel.used_at = _used_now(panel)
            return Opened(panel, origins_of(panel.agreement))
    begin_guess("panel", of="panels")
    return None


def look(panel: Panel) -> dict[str, Any]:
    """The agreed parts of a panel's person; counted and on the log as a look-up is. Raises PartnerRefused."""
    if panel.used_at is None:
        raise PartnerRefused(410, "gone", GONE)
    require_not_cut_off(panel.partner)
    with partner_deed(panel.partner, "panel", purpose=panel.purpose) as served:
        if served.agreement.pk != panel.agreement_id or not origins_of(served.agreement):
            raise PartnerRefused(403, "no_agreement", "共享协议已经变更；请在业务系统中重新打开")
        record = known_person(served.agreement, panel.person_id, served.note)
        shown = parts_of(record, served.agreement)
        served.note.details["step"] = "shown"
        give(served.agreement, [record.person["id"]], "panel", panel.purpose, panel.told_to, sorted(shown))
    return shown


def origins_of(agreement: Agreement) -> tuple[str, ...]:
    """The origins that an agreement names, but for what is none."""
    return tuple(one for one in agreement.panel_origins if ORIGIN.fullmatch(one))


def forget_old_panels() -> int:
    """Delete panels that work no more; returns how many."""
    with working():
        return Panel.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _used_now(panel: Panel) -> datetime | None:
    """The moment, for whoever comes first and in time."""
    now = timezone.now()
    fresh = Panel.objects.filter(pk=panel.pk, used_at=None, expires_at__gt=now)
    return now if fresh.update(used_at=now) else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
