"""Issuing a proof: what is stated of a person whom a counter has looked up, signed and written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string

from canbao.core.covers import slot_order
from canbao.core.masks import mask_number
from canbao.law.exchange import read_exchange
from canbao.registry.covers_elsewhere import covering_rows, elsewhere
from canbao.registry.deeds import Note
from canbao.registry.lookup import Record
from canbao.registry.models import Agreement, Proof
from canbao.registry.partners import require_within
from canbao.registry.proofs.keys import signing_key
from canbao.registry.proofs.statement import MOST_COVERS, Cover, Statement, digest, figures, signed
from canbao.registry.streams.counter import give, known_person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of which numbers are made: no two of them are mistaken for one another."""
STATED = ("name", "ssn", "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code")
LONGEST_NAME = 40
"""Characters of a name in the code; on paper it is whole."""


@dataclass(frozen=True)
class Issued:
    """A proof as it is to be printed: the statement, all covers, the masked number, and the figures of the code."""

    said: Statement
    covers: tuple[Cover, ...]
    name: str
    number: str
    told_to: str
    partner: str
    figures: str

    @property
    def address(self) -> str:
        """Where it is verified; what follows the `#` never leaves the browser."""
        return f"{settings.PUBLIC_ADDRESS}/proof/#"


def issue(agreement: Agreement, person_id: int, *, purpose: str, told_to: str, note: Note) -> Issued:
    """A proof of the covers that the agreement is about. Raises PartnerRefused for a person who wasn't looked up."""
    require_within(["covers"], agreement.shown, "项目")
    record = known_person(agreement, person_id, note)
    covers = covers_of(record, agreement.insurance_types)
    said = _statement(record, covers)
    key_id, secret = signing_key()
    raw = signed(said, key_id, secret)
    Proof.objects.create(
        number=said.number, person_id=record.person["id"], partner=agreement.partner, agreement=agreement,
        told_to=told_to, purpose=purpose, key_id=key_id, digest=digest(raw), issued_at=said.issued_at,
        valid_to=said.expires_at,
    )  # fmt: skip
    note.objects.append(f"proof:{said.number}")
    give(agreement, [record.person["id"]], "proof", purpose, told_to, sorted(STATED))
    ssn = mask_number(record.person["ssn"])
    return Issued(said, covers, record.person["name"], ssn, told_to, agreement.partner.label, figures(raw))


def covers_of(record: Record, types: Iterable[str]) -> tuple[Cover, ...]:
    """A person's covers of some types, each once, those that hold first."""
    away = [_key(row) for row in elsewhere(record)]
    ours = [row for row in covering_rows(record) if row["insurance_type"] in {*types}]
    found = (_cover(row, is_elsewhere=_key(row) in away) for row in sorted(ours, key=_order))
    return tuple(dict.fromkeys(found))


def _statement(record: Record, covers: tuple[Cover, ...]) -> Statement:
    now = timezone.now().replace(microsecond=0)
    return Statement(
        number=_number(), name=record.person["name"][:LONGEST_NAME], last_four=record.person["ssn"][-4:],
        covers=covers[:MOST_COVERS], left_out=max(0, len(covers) - MOST_COVERS), issued_at=now,
        expires_at=_end_of(now, read_exchange().proof_days),
    )  # fmt: skip


def _end_of(now: datetime, days: int) -> datetime:
    """The last second of the last of so many days, the first being today."""
    last = timezone.localtime(now) + timedelta(days=days - 1)
    return last.replace(hour=23, minute=59, second=59)


def _number() -> str:
    return "-".join(get_random_string(4, LETTERS) for _ in range(3))


def _cover(row: dict[str, Any], *, is_elsewhere: bool) -> Cover:
    since = row["enrol_date"]
    return Cover(
        row["insurance_type"], row["contrib_status"] or "", row["benefit_status"] or "", row["region_code"] or "",
        f"{since:%Y%m}" if since else "", is_elsewhere,
    )  # fmt: skip


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["division_code"], row["source"], row["row"], row["person_id"]


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    written = {name: None if value is None else str(value) for name, value in row.items()}
    return slot_order(written)
