"""A file that a partner has dropped: verified whole, then its rows are kept as if they had been pushed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone

from canbao.core.strict_json import read_json
from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, require_area
from canbao.registry.deeds import deed
from canbao.registry.dropped_files import DroppedName, dropped_name, read_dropped
from canbao.registry.models import Officer, Partner, PartnerKey
from canbao.registry.partner_deeds import partner_deed
from canbao.registry.partner_keys import read_public_key
from canbao.registry.partners import PartnerRefused, granting_agreement
from canbao.registry.runs import COMPARE
from canbao.registry.streams.keeping import REFUSED, SECONDS, Answer, keep, standing

MOST_PROBLEMS = 1_000


@dataclass
class Taken:
    """What came of a file's rows: how many, by state, and the first that were not taken, with their reasons."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Answer] = field(default_factory=list)

    def add(self, answers: Sequence[Answer]) -> None:
        """Count some more rows."""
        for one in answers:
            self.counts[one.state] = self.counts.get(one.state, 0) + 1
        self.problems += [one for one in answers if one.says][: MOST_PROBLEMS - len(self.problems)]


def upload(file: Path, signature: Path, *, by: Officer) -> Taken:
    """An officer brings a file that a partner of the area has written and signed."""
    with deed(by=by, action="exchange.drop", permission="exchange.drop") as note:
        note.details["file"] = file.name
        named = dropped_name(file.name)
        partner = Partner.objects.select_related("officer").filter(code=named.partner).first()
        if partner is None:
            raise Refused(f"没有代号是 {named.partner} 的合作系统")
        note.objects.append(f"partner:{partner.pk}")
        require_area(by, partner.area)
    return take(file, signature)


def take(file: Path, signature: Path) -> Taken:
    """Take a file's rows, those again that were taken before being the same.

    Raises Refused before any row is taken if the file is not wholly what its partner signed, and PartnerRefused when
    nothing of this may be pushed (now: `status` 429).
    """
    named = dropped_name(file.name)
    partner, rows = _read(file, signature, named)
    service = "push" if granting_agreement(partner, "push") else COMPARE
    taken = Taken()
    for piece in _pieces(rows, read_exchange().batch_rows):
        _require_room(partner, len(piece))
        with partner_deed(partner, service, rows=len(piece)) as served:
            taken.add(keep(partner, served.agreement, piece))
    return taken


def _read(file: Path, signature: Path, named: DroppedName) -> tuple[Partner, list[Any]]:
    signers: list[Partner] = []
    lines = read_dropped(file, signature, lambda keyid: _key_of(keyid, signers))
    if signers[0].code != named.partner:
        raise Refused("文件名里的代号不是签名的合作系统")
    rows = [_parsed(line) for line in lines]
    if any(not _is_within(one, named) for one in rows):
        raise Refused("有行的序号不在文件名所写的首号和末号之间")
    return signers[0], rows


def _key_of(keyid: str, signers: list[Partner]) -> Ed25519PublicKey | None:
    """The key of a fingerprint that may be used today; whose it is comes to `signers`."""
    usable = PartnerKey.objects.filter(key_id=keyid, withdrawn_at=None, valid_to__gte=timezone.localdate())
    found = usable.select_related("partner__officer").first()
    if found is None:
        return None
    signers.append(found.partner)
    return read_public_key(found.public_key)


def _parsed(line: bytes) -> Any:
    """A row as it is written; what can't be read is no object, and refused as such."""
    try:
        return read_json(line) if len(line) <= read_exchange().row_bytes else None
    except (ValueError, RecursionError):
        return None


def _is_within(row: Any, named: DroppedName) -> bool:
    seq = row.get("seq") if isinstance(row, dict) else None
    return not isinstance(seq, int) or named.first <= seq <= named.last


def _pieces(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    yield from (rows[first : first + most] for first in range(0, len(rows), most))


def _require_room(partner: Partner, coming: int) -> None:
    """Raise PartnerRefused, without a line on the log, while too many of the partner's rows wait."""
    if standing(partner).waiting + coming > read_exchange().waiting_rows:
        raise PartnerRefused(429, "waiting", "等待处理的太多，稍后继续", seconds=SECONDS)


def in_words(taken: Taken) -> str:
    """What came of a file, for people."""
    counts = taken.counts
    kept, same = counts.get("kept", 0), counts.get("same", 0)
    said = f"收下 {kept} 行，以前收过 {same} 行，搁置 {counts.get('aside', 0)} 行，没有采用 {counts.get(REFUSED, 0)} 行"
    return "\n".join([said, *(f"seq {one.seq}：{one.says}" for one in taken.problems)])
