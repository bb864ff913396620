"""附件2 致居民的信: why somebody will call, and how to know that they are genuine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.law.wording import filled
from canbao.paper.documents.contents import Leaf, SelfFilling, day, paragraphs, self_filling


@dataclass(frozen=True)
class Letter:
    """A letter of a city's bureau; with `recipient` it is one person's, with `invited` they may fill in the form."""

    city: str
    begins: date
    ends: date
    phone: str
    issuer: str
    day: date
    recipient: str = ""
    invited: SelfFilling | None = None
    seal: bytes | None = None


def leaves(letter: Letter, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The letter, one page with the words we ship."""
    values = {
        "city": letter.city,
        "from": day(letter.begins),
        "to": day(letter.ends),
        "phone": letter.phone,
        "issuer": letter.issuer,
    }
    yield {
        "title": filled(wording["title"], values),
        "greeting": f"{letter.recipient}：" if letter.recipient else wording["greeting"],
        "paragraphs": paragraphs(wording["body"], values) + paragraphs(wording["closing"], values),
        "invited": self_filling(letter.invited, wording["self_filling"]),
        "issuer": letter.issuer,
        "day": day(letter.day),
        "seal": letter.seal,
    }
