"""附件1 入户调查证: what a surveyor shows at the door, 100 × 140 mm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.paper.documents.contents import Leaf, code, day


@dataclass(frozen=True)
class Card:
    """A surveyor's card; without a photo or seal there is a box or a place for it. `check` is what the QR code says."""

    number: str
    name: str
    unit: str
    valid_from: date
    valid_until: date
    phone: str
    issuer: str
    photo: bytes | None = None
    seal: bytes | None = None
    check: str = ""


def leaves(card: Card, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The card's one page."""
    yield {
        "title": wording["title"],
        "use": wording["use"],
        "check": wording["check"],
        "fields": [
            ["编　　号", card.number],
            ["姓　　名", card.name],
            ["所在单位", card.unit],
            ["有 效 期", f"{day(card.valid_from)}至\n{day(card.valid_until)}"],
            ["监督电话", card.phone],
        ],
        "issuer": card.issuer,
        "photo": card.photo,
        "seal": card.seal,
        "code": code(card.check),
    }
