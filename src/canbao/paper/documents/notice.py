"""附件3 参保登记通知: left at the door of somebody who wasn't at home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.law.wording import filled
from canbao.paper.documents.contents import Leaf, SelfFilling, day, paragraphs, self_filling


@dataclass(frozen=True)
class Notice:
    """Where and until when to register, and whom to ring; `recipient` is a person or a door."""

    recipient: str
    street: str
    village: str
    contact: str
    phone: str
    address: str
    hours: str
    begins: date
    ends: date
    deadline: date
    day: date
    issuer: str
    invited: SelfFilling | None = None
    seal: bytes | None = None


def leaves(notice: Notice, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The notice, one page with the words we ship."""
    values = {
        "street": notice.street,
        "village": notice.village,
        "from": day(notice.begins),
        "to": day(notice.ends),
        "deadline": day(notice.deadline),
        "contact": notice.contact,
        "phone": notice.phone,
        "address": notice.address,
        "hours": notice.hours,
    }
    yield {
        "title": filled(wording["title"], values),
        "recipient": notice.recipient,
        "paragraphs": paragraphs(wording["body"], values),
        "fields": [
            ["街道（乡镇）", notice.street],
            ["社区（村）", notice.village],
            ["登记地点", notice.address],
            ["办理时间", notice.hours],
            ["联系人", notice.contact],
            ["联系电话", notice.phone],
        ],
        "invited": self_filling(notice.invited, wording["self_filling"]),
        "issuer": notice.issuer,
        "day": day(notice.day),
        "seal": notice.seal,
    }
