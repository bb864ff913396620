"""附件6 公告: when, who, what, how, and whom to ring in each town and village."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.law.wording import filled
from canbao.paper.documents.contents import Leaf, day, paragraphs

HEADINGS = {
    "period": "调查时间",
    "scope": "调查对象",
    "content": "调查内容",
    "method": "调查方式",
    "supervision": "监督与保密",
}
NUMERALS = "一二三四五六"


@dataclass(frozen=True)
class Contact:
    """Whom to ring in a village, or, with `village` empty, in a town."""

    town: str
    village: str
    name: str
    phone: str
    address: str = ""


@dataclass(frozen=True)
class Announcement:
    """A city's announcement; without contacts there is no table."""

    city: str
    begins: date
    ends: date
    phone: str
    issuer: str
    day: date
    contacts: tuple[Contact, ...] = ()
    seal: bytes | None = None


def leaves(announcement: Announcement, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The announcement as one leaf; its table runs over as many pages as it needs."""
    values = {
        "city": announcement.city,
        "from": day(announcement.begins),
        "to": day(announcement.ends),
        "phone": announcement.phone,
    }
    yield {
        "title": filled(wording["title"], values),
        "opening": paragraphs(wording["opening"], values),
        "sections": [
            {"heading": f"{NUMERALS[index]}、{heading}", "paragraphs": paragraphs(wording[key], values)}
            for index, (key, heading) in enumerate(HEADINGS.items())
        ],
        "contacts_heading": f"{NUMERALS[len(HEADINGS)]}、各镇街、社区（村）联系方式",
        "contacts": [[one.town, one.village, one.name, one.phone, one.address] for one in announcement.contacts],
        "issuer": announcement.issuer,
        "day": day(announcement.day),
        "seal": announcement.seal,
    }
