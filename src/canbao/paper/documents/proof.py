"""参保证明: in place of a certificate of an insurance office; its code is verified without us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.law.wording import filled
from canbao.paper.documents.contents import Leaf, day, linked_code, paragraphs


@dataclass(frozen=True)
class ProofCover:
    """A cover in words: type, payment, benefit, place and month since, and whether it is in another city."""

    insurance: str
    contribution: str
    benefit: str
    place: str
    since: str
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Proof:
    """Of whom, what, as of which day, at whose request; `address` ends before the figures that the code carries."""

    number: str
    name: str
    masked_number: str
    covers: tuple[ProofCover, ...]
    partner: str
    told_to: str
    purpose: str
    issued_at: str
    issued_on: date
    valid_to: date
    site: str
    address: str
    figures: str


def leaves(proof: Proof, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The proof as one leaf; the table of somebody with very many covers runs over the page."""
    values = {
        "day": day(proof.issued_on), "until": day(proof.valid_to), "name": proof.name, "site": proof.site,
    }  # fmt: skip
    yield {
        "title": filled(wording["title"], values),
        "number": proof.number,
        "qr": linked_code(proof.address, proof.figures),
        "person": [["姓　　名", proof.name], ["社会保障号码", proof.masked_number]],
        "statement": filled(wording["statement"], values),
        "covers": [_cells(one) for one in proof.covers],
        "nothing": wording["nothing"],
        "standing": paragraphs(wording["standing"], values),
        "verify": paragraphs(wording["verify"], values),
        "issued": [
            ["申请单位", proof.partner], ["申请经办", proof.told_to], ["用　　途", proof.purpose],
            ["出具时间", proof.issued_at], ["有效期至", day(proof.valid_to)],
        ],
    }  # fmt: skip


def _cells(one: ProofCover) -> list[str]:
    away = "异地" if one.is_elsewhere else ""
    return [one.insurance, one.contribution or "—", one.benefit or "—", one.place or "—", one.since or "—", away]
